/// The connections to a worker process, and the frames on them: what any role's processes are spoken to by. Knows
/// neither what a frame means nor what is done when a connection ends: a [FrameListener] does. Not exported.
package dev.loomgate.python.connection;
