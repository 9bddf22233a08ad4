/// What the program is started with becomes arguments for picocli: the command line, and what configuration
/// files and the
/// environment say, in one row ([GivenArguments]). So all options go through the one table, wherever they were given.
///
/// [Origins] remembers which of them come from a file, for messages. A start that names no file, and has no `UWSGI_`
/// variable, passes this by.
package dev.loomgate.cli.arguments;
