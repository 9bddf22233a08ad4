/// Event loops and microthreads: asyncio's and greenlet's roles in the article.
///
/// A [Loop] is one OS thread that does I/O and runs microthreads in turn; a [Microthread] is a virtual thread that
/// the loop carries, so it runs until it waits. How a virtual thread comes to be carried by a thread of ours is
/// known to [Carrier]'s implementations alone. No HTTP, no gateway interface here: this package knows threads,
/// time and Netty's transports.
package dev.loomgate.loop;
