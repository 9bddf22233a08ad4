/// The engine that runs a program in worker processes, [WorkerEngine]: what a microthread calls, and what puts the
/// rooms beside it together. Not exported.
package dev.loomgate.python.engine;
