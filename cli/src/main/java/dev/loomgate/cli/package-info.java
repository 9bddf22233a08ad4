/// The command line: [Main] reads it, [Serving] starts the server, says where it listens, and stops it on a
/// signal.
///
/// What the options mean is in `options`, how an application is found in `application`, what is written to
/// standard error in `log`. Nothing here knows a protocol or the loop's insides.
package dev.loomgate.cli;
