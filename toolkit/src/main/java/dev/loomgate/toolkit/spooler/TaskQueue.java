package dev.loomgate.toolkit.spooler;

import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// Where tasks are until they are done, for all servers: applications [#spool] them, [Spooler]s take them.
///
/// ```text
///  spool ─▶ later ─(its time)─▶ waiting ─(take)─▶ taken ─(done)─▶ forgotten
///             ▲                    ▲               │  │
///             └──(retry, later)────┴───(retry)─────┘  └─(bury)─▶ dead ─(revive)─▶ waiting
///                     taken ─(claim, its spooler is lost)─▶ taken
/// ```
/// Each step is made as a whole or not at all, and is as durable as the queue's database. Called by any
/// thread; calls may wait. One that can't be made now throws [ServiceUnavailable]: it may have been done,
/// or not.
///
/// A spooler has what it took until it says what became of it, or it hasn't been heard of for a lease: then
/// others may claim that. [#done] counts all the same, since a task that is done is done; the other steps
/// count only if the spooler still has the task, and tell whether that was so.
public interface TaskQueue {
    /// Its name, for messages.
    String name();

    /// Adds a task. The spoolers of all servers hear of it at once.
    ///
    /// @return the task's id
    /// @throws IllegalArgumentException if it is too large
    /// @throws ServiceUnavailable if the queue can't be asked, or is full
    String spool(Task task);

    /// What is in it now.
    TaskCounts counts();

    /// Tasks that were given up, the oldest first.
    ///
    /// @param most how many at the most
    List<DeadTask> dead(int most);

    /// Has a task that was given up run again, with all of its attempts.
    ///
    /// @return whether it was there
    boolean revive(DeadTask task);

    /// Forgets a task that was given up.
    ///
    /// @return whether it was there
    boolean discard(DeadTask task);

    /// Takes tasks that wait: those of a smaller priority first, and of one priority the oldest first.
    ///
    /// @param owner the spooler's name, of letters and digits, unlike any other's
    /// @param most how many at the most
    Taken take(String owner, int most);

    /// Takes tasks over from spoolers that haven't been heard of for a lease.
    ///
    /// @param most how many at the most
    List<TakenTask> claim(String owner, int most, Duration lease);

    /// Says that the spooler is there: the lease of these begins again.
    ///
    /// @return the places of those that it still has
    Set<String> renew(String owner, Collection<TakenTask> tasks);

    /// A task is done; a second time does nothing.
    boolean done(TakenTask task);

    /// A task is to be taken again.
    ///
    /// @param after not before that time is over
    /// @param hasFailed whether that counts as a failure
    boolean retry(String owner, TakenTask task, Duration after, boolean hasFailed);

    /// A task is given up.
    ///
    /// @param why in one line
    boolean bury(String owner, TakenTask task, String why);

    /// The spooler has ended, and has no tasks any more.
    void leave(String owner);

    /// Has this called when there may be something to take, in any thread, which mustn't be held.
    ///
    /// @return closed by who wants to hear no more
    /// @throws IllegalArgumentException if somebody listens by the same connection
    Listening listen(Runnable wake);

    /// What [#listen] began.
    interface Listening extends AutoCloseable {
        @Override
        void close();
    }
}
