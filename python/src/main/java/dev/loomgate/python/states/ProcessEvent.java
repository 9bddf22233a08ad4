package dev.loomgate.python.states;

/// What happens to a worker process; [ProcessState] says when it may.
public enum ProcessEvent {
    /// It says that it has loaded the program.
    READY,
    /// It is to finish what it has: another one takes its place, or the program is reloaded, or the server stops.
    LEAVE,
    /// It can't be trusted any more, or isn't needed before it has served: it is killed.
    CONDEMN,
    /// It has finished what it had.
    DRAINED,
    /// Its process has ended.
    DIED
}
