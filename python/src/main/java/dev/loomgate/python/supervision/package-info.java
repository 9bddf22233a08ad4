/// How worker processes are kept running, whatever they are for: started, watched, replaced, reloaded, ended.
///
/// ```
///  Fleet ──▶ Generation ──▶ ProcessGroup ──▶ WorkerProcess ──▶ RoleWorker      each knows those to its right;
///   all       an import,     the processes     one process       what a role      to the left it speaks through an
///             its zygote     of one role                         does with it     interface: Owner, Parent
/// ```
/// A [Role] says what its processes are for; answering requests is the first one. Nothing here knows a request, a
/// response or a pool. Not exported.
package dev.loomgate.python.supervision;
