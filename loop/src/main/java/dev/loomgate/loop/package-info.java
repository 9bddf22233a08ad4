/// Event loops and microthreads, as applications use them: asyncio's and greenlet's roles in the article.
///
/// A [Loop] is one OS thread that does I/O and runs microthreads in turn; a [Microthread] is a virtual thread that
/// the loop carries, so it runs until it waits. No HTTP, no gateway interface here, and no type of Netty's: what
/// servers need of a loop is in the package `io`.
///
/// The packages below, each of which knows only those under it:
/// ```
///   loop       what applications use: Loop, LoopGroup, Microthread, Task
///   watch      the watchdog, and the dump of all microthreads        spool   memory and files for slow clients
///   turns      the loop side at work
///   io         what servers use: LoopSide, Netty's transports
///   carriers   OS threads, and the virtual threads that they run in turn
///   timers     deadlines in order
///   threads    what the JDK and Linux have: schedulers, pools, /proc
///   waiting    parking and limits          failures   a log that never throws
///   settings   Engine, Transport, and how a wrong value is refused
/// ```
package dev.loomgate.loop;
