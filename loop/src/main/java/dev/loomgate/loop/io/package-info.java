/// The face of a loop that servers use: tasks on the loop side, the order of a turn, and Netty's transports.
///
/// Not exported, except to our own modules that do I/O. Applications have [dev.loomgate.loop.Loop]: what runs here
/// must never wait, or every request of the loop waits with it.
package dev.loomgate.loop.io;
