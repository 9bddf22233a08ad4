/// The command line: [Main] reads it, [Serving] starts the server, says where it listens, and stops it on a
/// signal.
///
/// All options are in `options`, of whose rooms only the values (`options.values`) and uWSGI's own names
/// (`options.uwsgi`) are used here as well. How an application is found is in `application`, what is written
/// to standard error in `log`, what reloads Python applications in `reload`. Nothing here knows a protocol or
/// the loop's insides.
package dev.loomgate.cli;
