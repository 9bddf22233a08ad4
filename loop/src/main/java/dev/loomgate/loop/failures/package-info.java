/// What still works when something has failed, or when a loop has ended: a log that never throws and isn't flooded, and
/// a thread that belongs to no loop.
///
/// Not exported. Nothing that can fail itself, or that has to load further classes to do its work, belongs here.
package dev.loomgate.loop.failures;
