package dev.loomgate.python.supervision;

import java.nio.file.Path;

/// What worker processes are for: to answer requests, say. A [Fleet] starts, watches, replaces and ends the processes
/// of its roles, and passes their output on to the log; what is done with them is the role's own. Loop side only.
public interface Role {
    /// What one of its processes is called in logs: `worker`.
    String name();

    /// How many processes it has, 1 or more.
    int processes();

    /// A process has been forked for it.
    ///
    /// @param socket on which the process listens
    RoleWorker attach(WorkerProcess process, Path socket);

    /// There is no process that serves, and none is to be expected soon. That is over when one is told to
    /// [serve][RoleWorker#serve].
    void unavailable(String why);
}
