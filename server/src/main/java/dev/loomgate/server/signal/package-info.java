/// The operating system's signals, for programs that are a server.
///
/// Not exported, but to the command line.
package dev.loomgate.server.signal;
