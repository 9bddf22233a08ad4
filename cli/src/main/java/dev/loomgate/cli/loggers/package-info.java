/// Loggers: where lines of the log and of the access log go instead of to the standard outputs, which lines
/// go to which of them, and what is done to a line before ([Loggers][dev.loomgate.cli.loggers.Loggers], as
/// uWSGI's `--logger` and its kin). How a record becomes text is the matter of `log`, how a request does, the
/// server's.
package dev.loomgate.cli.loggers;
