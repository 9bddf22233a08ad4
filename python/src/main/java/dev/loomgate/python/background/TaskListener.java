package dev.loomgate.python.background;

/// Hears what becomes of the processes of a role, by their numbers, and of what they are told to do.
/// Only of those whose turn it is. Loop side.
public interface TaskListener {
    /// One begins, and waits for something to do.
    default void begins(int number) {}

    /// One is at a task.
    default void taskBegins(int number) {}

    /// Its task is over.
    ///
    /// @param outcome the flags of IDLE
    /// @param why it has failed; empty if nobody says
    default void taskEnds(int number, int outcome, String why) {}

    /// It begins nothing more, and has begun nothing of which it hasn't said so.
    default void hasEnough(int number) {}

    /// It is to end.
    ///
    /// @param isAsked whether it has been asked to, and may finish what it has begun
    default void leaves(int number, boolean isAsked) {}

    /// Its process has ended.
    ///
    /// @param how as logs say it: `was killed by signal 9`
    default void ended(int number, String how) {}
}
