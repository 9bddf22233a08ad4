/// The server's own log, on standard error or where a [MessageSink][dev.loomgate.cli.log.MessageSink] takes it: one
/// line a record, text or JSON, written by a thread of its own so that no loop ever waits for its reader. Everything
/// ends here: `System.Logger`, `java.util.logging`, and Netty.
package dev.loomgate.cli.log;
