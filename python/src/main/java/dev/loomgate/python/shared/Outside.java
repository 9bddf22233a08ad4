package dev.loomgate.python.shared;

/// Runs what waits for somebody outside of the server, and brings what follows back to the loop side.
public interface Outside {
    /// Any thread.
    ///
    /// @param waiting what waits: not on the loop side
    /// @param then what follows, on the loop side
    void run(Runnable waiting, Runnable then);

    /// Runs a task on the loop side, in the order of the calls. Any thread; doesn't wait.
    void onLoopSide(Runnable task);
}
