/// The options of the command line, in groups, and the small languages of their values: times, sizes, modes.
package dev.loomgate.cli.options;
