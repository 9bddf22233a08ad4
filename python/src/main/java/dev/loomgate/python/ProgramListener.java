package dev.loomgate.python;

/// What the server hears of a program that it runs. Called by the engine's loop: a listener must not wait.
public interface ProgramListener {
    /// A signal has come to the processes between the server and the program, but means the server: `SIGHUP`, `SIGINT`,
    /// `SIGQUIT`, `SIGTERM`, `SIGUSR1`.
    void signal(String name);

    /// All workers end, since no request has come for so long; see [CheaperOptions#idle]. Or, after that, one has come.
    default void idle(boolean isIdle) {}
}
