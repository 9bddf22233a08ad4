/// The forms of configuration files: the text of a file becomes the entries of one of its sections. Nothing is read
/// from the disk here, and nothing is replaced.
///
/// YAML and JSON are read with libraries, and their classes are loaded only for such a file.
package dev.loomgate.cli.config.formats;
