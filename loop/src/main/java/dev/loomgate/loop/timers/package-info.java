/// Timers: the queue that a loop expires itself, the thread that does it for loops of the other engines, and the timers
/// that wake or interrupt a thread.
///
/// Not exported. What starts a microthread or runs on the loop side when its time has come lives with them: nothing
/// here knows a loop.
package dev.loomgate.loop.timers;
