/// What several servers share, in PostgreSQL: a queue of tasks, and who does which run of a schedule.
///
/// By JDBC, with a pool of connections that the application has. Nothing here has a connection of its own, and
/// nothing waits without an end.
package dev.loomgate.postgresql;
