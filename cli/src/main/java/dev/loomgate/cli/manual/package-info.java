/// What a terminal knows of the program, written from its commands and the table of options: the manual page
/// and the completion of two shells. Texts are made here, and nothing is printed or written to a file.
package dev.loomgate.cli.manual;
