package dev.loomgate.python.supervision;

/// A worker process as its role sees it: what talks with it. Told what happens by the [WorkerProcess], which it tells
/// what the process says. Loop side only.
public interface RoleWorker {
    /// Connects to the process, and calls [WorkerProcess#ready] when that says so.
    void connect();

    /// Gives it work from now on.
    void serve();

    /// Gives it no further work.
    void withdraw();

    /// Gives it no further work, and calls [WorkerProcess#drained] as soon as it has finished what it has.
    void leave();

    /// Half of the time that it has to leave is over: what has no end of its own is asked to end.
    default void leaveSoon() {}

    /// Gives it no further work, and takes back what it hasn't begun: it is killed in a moment.
    void condemned();

    /// Whether it gets on with work that is still wanted, so that it is worth waiting before it is killed.
    boolean proceeds();

    /// Whether it has work.
    boolean isBusy();

    /// How much work it has been given or has taken so far.
    long begun();

    /// What it still runs, as logs say it: `3 requests`.
    String unfinished();

    /// Has it write what it runs to its log, with stacks.
    ///
    /// @param dying whether it is to be killed in a moment, and has been made to write the stacks of its threads
    /// @return false if it can't tell more than its threads' stacks
    boolean dump(boolean dying);

    /// Its process has ended.
    ///
    /// @param how as logs say it: `was killed by signal 9`
    void died(String how);
}
