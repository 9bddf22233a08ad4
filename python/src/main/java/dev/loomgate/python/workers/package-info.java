/// The engine that feeds worker processes.
///
/// [WorkerEngine] is what a microthread calls. All state lives on the loop side of one loop, the engine's home:
/// [Pool] gives requests to workers, [Fleet] keeps the workers there, [Worker] is one of them, [Generation] those
/// that one zygote has forked. A [Call] is a request's mailbox between the microthread and the loop side. Not
/// exported.
package dev.loomgate.python.workers;
