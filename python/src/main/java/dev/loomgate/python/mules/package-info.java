/// Mules: the role of processes that run code of the program's own, or pass messages to it. What they do is
/// `loomgate_worker.background.mule`'s, and messages go from process to process without the JVM. Not exported.
package dev.loomgate.python.mules;
