package dev.loomgate.python.states;

/// What happens to a call; [CallState] says when it may.
public enum CallEvent {
    /// It is sent to a worker.
    GIVEN,
    /// Something has come from the worker that shows that the program runs it.
    BEGUN,
    /// The worker has given it back, or died, without having begun it.
    RECALLED,
    /// Its last frame has come.
    ENDED,
    /// Its last frame has come, and names a file that the worker keeps open.
    FILE_LENT,
    /// The file isn't needed any more.
    FILE_SENT,
    /// The worker died while the program ran it.
    LOST,
    /// It is cancelled while no worker has it.
    DROPPED,
    /// There is no program to answer it.
    REFUSED
}
