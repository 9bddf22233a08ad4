/// One request's call, from its microthread's side: sent to whichever worker, waited for, and made into a response.
///
/// A [Conversation] belongs to the microthread. A [Call] is what the two sides share: a mailbox with what has come of
/// the response, and, on the loop side alone, where the call is in its life. Who runs it is only known as an
/// [AssignedWorker], where it waits as a [CallQueue]. Not exported.
package dev.loomgate.python.call;
