package dev.loomgate.python.supervision;

import dev.loomgate.python.zygote.Job;
import java.nio.file.Path;
import java.util.Optional;

/// What worker processes are for: to answer requests, say. A [Fleet] starts, watches, replaces and ends the processes
/// of its roles, and passes their output on to the log; what is done with them is the role's own. Loop side only.
public interface Role {
    /// What one of its processes is called in logs: `worker`.
    String name();

    /// How many processes it has at the most, 1 or more.
    int processes();

    /// What the process with this number does, from 1; empty if it answers requests. Each fork asks.
    default Optional<Job> job(int number) {
        return Optional.empty();
    }

    /// How long a process may take to end that has been told to stop; empty for as long as one that answers
    /// requests. Any thread.
    default Optional<Mercy> mercy() {
        return Optional.empty();
    }

    /// Whether what is said of workers is meant for its processes: the limits of their memory and age, and that all
    /// are to be replaced.
    default boolean hasWorkers() {
        return false;
    }

    /// Whether there may be fewer, as [HeadCount] decides.
    default boolean isCounted() {
        return false;
    }

    /// How much work waits for a process.
    default int waiting() {
        return 0;
    }

    /// There is a program, so processes can be started, although there may be none at the moment.
    default void available() {}

    /// Whether more processes may be started soon than there are.
    default void mayGrow(boolean more) {}

    /// Has `wanted` run when work comes and no process serves.
    default void whenNoneServes(Runnable wanted) {}

    /// A process has been forked for it.
    ///
    /// @param socket on which the process listens
    RoleWorker attach(WorkerProcess process, Path socket);

    /// One of its processes has ended by itself, after it was ready.
    ///
    /// @param status what it ended with; 128 and more if a signal killed it
    /// @return whether another one takes its place
    default boolean ended(int status) {
        return true;
    }

    /// There is no process that serves, and none is to be expected soon. That is over when one is told to
    /// [serve][RoleWorker#serve].
    void unavailable(String why);
}
