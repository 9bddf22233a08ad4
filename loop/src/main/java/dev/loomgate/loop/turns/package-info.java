/// The turns of a loop: timers, tasks that were handed over, I/O, and the microthreads between them.
///
/// Not exported. [Turns] is the loop side at work. That a microthread is more than a thread that is ready belongs to
/// the package above.
package dev.loomgate.loop.turns;
