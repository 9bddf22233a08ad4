package dev.loomgate.python;

import java.util.List;

/// What the server hears of a program that it runs, and is asked by it. Called by the engine's loop: a
/// listener must not wait, where nothing else is said.
public interface ProgramListener {
    /// A signal has come to the processes between the server and the program, but means the server: `SIGHUP`, `SIGINT`,
    /// `SIGQUIT`, `SIGTERM`, `SIGUSR1`.
    void signal(String name);

    /// All workers end, since no request has come for so long; see [CheaperOptions#idle]. Or, after that, one has come.
    default void idle(boolean isIdle) {}

    /// The script that is run instead of answering requests ([ProgramSetup#script]) has ended.
    ///
    /// @param status its process's exit status; 128 and the signal if one killed it
    default void scriptEnded(int status) {}

    /// The connections that wait at each of the server's listening sockets until somebody accepts them, in the sockets'
    /// order; empty where nobody knows. Not called by a loop: it may read files.
    default List<Integer> queued() {
        return List.of();
    }
}
