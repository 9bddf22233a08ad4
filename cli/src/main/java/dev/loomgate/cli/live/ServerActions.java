package dev.loomgate.cli.live;

/// What operators can do to a whole server. Any thread; each returns soon, and the log has the outcome.
public interface ServerActions {
    /// Reloads the applications, as SIGHUP does: those in Python, and those in Java that can be replaced.
    ///
    /// @param why for the log
    ///
    /// @return whether there are any
    boolean reload(String why);

    /// Has so many more workers, of each Python application, or fewer.
    void changeWorkers(int by);

    /// Replaces the workers of the Python applications.
    ///
    /// @param oneByOne whether each only when the one before has been replaced
    /// @param why for the log
    void replaceWorkers(boolean oneByOne, String why);

    /// Accepts no connections from now on, or accepts them again. Does nothing if that is so already.
    ///
    /// @param why for the log
    void suspend(boolean suspended, String why);

    /// Whether it accepts no connections.
    boolean isSuspended();

    /// Has clients go elsewhere from now on, or come again. Does nothing if that is so already.
    ///
    /// @param why for the log
    void drain(boolean drained, String why);

    /// Whether clients are to go elsewhere.
    boolean isDraining();

    /// Asks for the end.
    ///
    /// @param atOnce whether running requests are interrupted
    /// @param why for the log
    void stop(boolean atOnce, String why);

    /// All microthreads, as text; Python's processes write what runs in them to the log.
    String dump();
}
