package dev.loomgate.postgresql;

/// The steps of a [PostgresQueue], each one statement, so that it is made as a whole or not at all.
///
/// ```text
/// loomgate_task        a row is a task
///   waiting:             owner IS NULL, due IS NULL; taken by priority and place
///   later:               owner IS NULL, due: before that it isn't taken
///   taken:               owner, seen: when that was last heard of
///   since                when it began to wait
///   place                its number, another one after each attempt: who had it before has it no more
/// loomgate_dead_task   what was given up
/// loomgate_task_count  figures: up to 16 rows for a queue, which are summed; a connection changes its own, so that
///                      steps seldom wait for each other. size: how many tasks are in the queue
/// ```
/// A step changes tasks first and figures last, and takes only tasks that nobody has locked: none waits for another
/// one that waits for it.
final class QueueStatements {
    private QueueStatements() {}

    /// Queue; the task: queue, id, priority, due twice, content; most tasks. 1, or 0 if it is full.
    static final String SPOOL = """
            WITH room AS (
              SELECT coalesce(sum(size), 0) AS size FROM {schema}loomgate_task_count WHERE queue = ?
            ), added AS (
              INSERT INTO {schema}loomgate_task (queue, id, priority, due, content)
              SELECT ?, ?, ?, CASE WHEN ?::timestamptz > now() THEN ?::timestamptz END, ? FROM room WHERE size < ?
              RETURNING queue
            ), counted AS (
              INSERT INTO {schema}loomgate_task_count AS counts (queue, slot, size, spooled)
              SELECT queue, pg_backend_pid() % 16, 1, 1 FROM added
              ON CONFLICT (queue, slot) DO UPDATE SET size = counts.size + 1, spooled = counts.spooled + 1
            )
            SELECT count(*) FROM added
            """;

    /// Queue. Tasks whose time has come wait.
    static final String COME = """
            WITH come AS MATERIALIZED (
              SELECT place FROM {schema}loomgate_task
              WHERE queue = ? AND due <= now() ORDER BY due LIMIT 1000 FOR UPDATE SKIP LOCKED
            )
            UPDATE {schema}loomgate_task AS task SET due = NULL, since = due FROM come WHERE task.place = come.place
            """;

    /// Queue, how many, owner, queue. The tasks, each with the milliseconds until the next one's time: one row
    /// without a task if there is none.
    static final String TAKE = """
            WITH next AS MATERIALIZED (
              SELECT place FROM {schema}loomgate_task
              WHERE queue = ? AND owner IS NULL AND due IS NULL
              ORDER BY priority, place LIMIT ? FOR UPDATE SKIP LOCKED
            ), taken AS (
              UPDATE {schema}loomgate_task AS task SET owner = ?, seen = now() FROM next
              WHERE task.place = next.place
              RETURNING task.place, id, priority, failures, losses, content
            )
            SELECT taken.*, (
              SELECT (extract(epoch FROM min(due) - now()) * 1000)::bigint FROM {schema}loomgate_task
              WHERE queue = ? AND due IS NOT NULL
            ) AS wait
            FROM (SELECT 1) AS one LEFT JOIN taken ON true ORDER BY priority, place
            """;

    /// Queue, lease in milliseconds, how many, owner. The tasks.
    static final String CLAIM = """
            WITH lost AS MATERIALIZED (
              SELECT place FROM {schema}loomgate_task
              WHERE queue = ? AND owner IS NOT NULL AND seen <= now() - ? * interval '1 millisecond'
              ORDER BY priority, place LIMIT ? FOR UPDATE SKIP LOCKED
            ), claimed AS (
              UPDATE {schema}loomgate_task AS task SET owner = ?, seen = now(), losses = losses + 1 FROM lost
              WHERE task.place = lost.place
              RETURNING task.place, queue, id, priority, failures, losses, content
            ), counted AS (
              INSERT INTO {schema}loomgate_task_count AS counts (queue, slot, lost)
              SELECT queue, pg_backend_pid() % 16, count(*) FROM claimed GROUP BY queue
              ON CONFLICT (queue, slot) DO UPDATE SET lost = counts.lost + excluded.lost
            )
            SELECT place, id, priority, failures, losses, content FROM claimed ORDER BY priority, place
            """;

    /// Queue, owner, places. The places of those that it still has.
    static final String RENEW = """
            UPDATE {schema}loomgate_task SET seen = now() WHERE queue = ? AND owner = ? AND place = ANY (?)
            RETURNING place
            """;

    /// Queue, place. 1 if it was there.
    static final String DONE = """
            WITH gone AS (
              DELETE FROM {schema}loomgate_task WHERE queue = ? AND place = ? RETURNING queue
            ), counted AS (
              INSERT INTO {schema}loomgate_task_count AS counts (queue, slot, size, done)
              SELECT queue, pg_backend_pid() % 16, -1, 1 FROM gone
              ON CONFLICT (queue, slot) DO UPDATE SET size = counts.size - 1, done = counts.done + 1
            )
            SELECT count(*) FROM gone
            """;

    /// Milliseconds twice, whether it has failed, queue, place, owner, whether it has failed. 1 if the owner had it.
    static final String RETRY = """
            WITH again AS (
              UPDATE {schema}loomgate_task
              SET place = DEFAULT, owner = NULL, seen = NULL, losses = 0, since = now(),
                due = CASE WHEN ? > 0 THEN now() + ? * interval '1 millisecond' END, failures = failures + ?
              WHERE queue = ? AND place = ? AND owner = ?
              RETURNING queue
            ), counted AS (
              INSERT INTO {schema}loomgate_task_count AS counts (queue, slot, retried)
              SELECT queue, pg_backend_pid() % 16, 1 FROM again WHERE ? > 0
              ON CONFLICT (queue, slot) DO UPDATE SET retried = counts.retried + 1
            )
            SELECT count(*) FROM again
            """;

    /// Queue, place, owner, why, queue twice, how many dead ones are kept beside this one. 1 if the owner had it.
    static final String BURY = """
            WITH gone AS (
              DELETE FROM {schema}loomgate_task WHERE queue = ? AND place = ? AND owner = ?
              RETURNING queue, id, priority, failures, content
            ), buried AS (
              INSERT INTO {schema}loomgate_dead_task (queue, id, priority, failures, why, content)
              SELECT queue, id, priority, failures, ?, content FROM gone
            ), old AS MATERIALIZED (
              SELECT place FROM {schema}loomgate_dead_task
              WHERE queue = ? AND EXISTS (SELECT 1 FROM gone) AND place <= (
                SELECT place FROM {schema}loomgate_dead_task WHERE queue = ? ORDER BY place DESC OFFSET ? LIMIT 1
              ) FOR UPDATE SKIP LOCKED
            ), forgotten AS (
              DELETE FROM {schema}loomgate_dead_task AS dead USING old WHERE dead.place = old.place
            ), counted AS (
              INSERT INTO {schema}loomgate_task_count AS counts (queue, slot, size, buried)
              SELECT queue, pg_backend_pid() % 16, -1, 1 FROM gone
              ON CONFLICT (queue, slot) DO UPDATE SET size = counts.size - 1, buried = counts.buried + 1
            )
            SELECT count(*) FROM gone
            """;

    /// Queue, how many.
    static final String DEAD = """
            SELECT place, id, priority, failures, why, content FROM {schema}loomgate_dead_task
            WHERE queue = ? ORDER BY place LIMIT ?
            """;

    /// Queue, place. 1 if it was there.
    static final String REVIVE = """
            WITH gone AS (
              DELETE FROM {schema}loomgate_dead_task WHERE queue = ? AND place = ?
              RETURNING queue, id, priority, content
            ), added AS (
              INSERT INTO {schema}loomgate_task (queue, id, priority, content)
              SELECT queue, id, priority, content FROM gone
            ), counted AS (
              INSERT INTO {schema}loomgate_task_count AS counts (queue, slot, size)
              SELECT queue, pg_backend_pid() % 16, 1 FROM gone
              ON CONFLICT (queue, slot) DO UPDATE SET size = counts.size + 1
            )
            SELECT count(*) FROM gone
            """;

    /// Queue, place. 1 if it was there.
    static final String DISCARD = """
            WITH gone AS (
              DELETE FROM {schema}loomgate_dead_task WHERE queue = ? AND place = ? RETURNING queue
            )
            SELECT count(*) FROM gone
            """;

    /// Queue, six times. Waiting, later, taken, dead, milliseconds for which the oldest one has waited, spooled, done,
    /// retried, lost, buried. Those whose time has come wait, also where no spooler is there to see it.
    static final String COUNTS = """
            SELECT waiting.tasks + come.tasks, later.tasks, taken.tasks, dead.tasks,
              greatest(0, (extract(epoch FROM now() - least(waiting.since, come.since)) * 1000)::bigint),
              counts.spooled, counts.done, counts.retried, counts.lost, counts.buried
            FROM
              (SELECT count(*) AS tasks, min(since) AS since FROM {schema}loomgate_task
                WHERE queue = ? AND owner IS NULL AND due IS NULL) AS waiting,
              (SELECT count(*) AS tasks, min(due) AS since FROM {schema}loomgate_task
                WHERE queue = ? AND due <= now()) AS come,
              (SELECT count(*) AS tasks FROM {schema}loomgate_task WHERE queue = ? AND due > now()) AS later,
              (SELECT count(*) AS tasks FROM {schema}loomgate_task WHERE queue = ? AND owner IS NOT NULL) AS taken,
              (SELECT count(*) AS tasks FROM {schema}loomgate_dead_task WHERE queue = ?) AS dead,
              (SELECT coalesce(sum(spooled), 0)::bigint AS spooled, coalesce(sum(done), 0)::bigint AS done,
                  coalesce(sum(retried), 0)::bigint AS retried, coalesce(sum(lost), 0)::bigint AS lost,
                  coalesce(sum(buried), 0)::bigint AS buried
                FROM {schema}loomgate_task_count WHERE queue = ?) AS counts
            """;

    /// Queue, twice. Whether there is something to take.
    static final String NEWS = """
            SELECT EXISTS (SELECT 1 FROM {schema}loomgate_task WHERE queue = ? AND owner IS NULL AND due IS NULL)
              OR EXISTS (SELECT 1 FROM {schema}loomgate_task WHERE queue = ? AND due <= now())
            """;
}
