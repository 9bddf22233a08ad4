/// Work at set times: a [Schedule] runs its jobs by [Cron] expressions or at intervals, and where several servers
/// have the same one, [RunClaims] let each run happen on one of them.
///
/// No requests here, and no database: the module `loomgate-redis` has claims in Redis.
package dev.loomgate.toolkit.schedule;
