/// How a thread waits for another one, and how a limit ends its wait, and how the one that waited gets an exception of
/// the other.
///
/// Not exported, except to our own modules that wait by hand. It knows threads and locks; nothing of loops, timers or
/// microthreads belongs here.
package dev.loomgate.loop.waiting;
