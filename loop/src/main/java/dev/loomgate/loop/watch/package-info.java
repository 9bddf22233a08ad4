/// The watchdog: sees a microthread that holds its loop, has the loop go on without it, and tells the operator; and the
/// dump of all microthreads.
///
/// Not exported. It looks at OS threads, and at microthreads by what people want to know of them ([LiveMicrothread]);
/// it doesn't know the loop itself.
package dev.loomgate.loop.watch;
