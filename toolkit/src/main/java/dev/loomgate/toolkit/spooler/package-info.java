/// Work beside requests: a [Task] is given to a [TaskQueue], and a [Spooler] of any server takes it from
/// there and runs it, once more if that fails or its server dies.
///
/// What keeps the tasks is outside: the module `loomgate-redis` has a `TaskQueue` in Redis. No requests
/// here, and no database.
package dev.loomgate.toolkit.spooler;
