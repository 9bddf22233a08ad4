package dev.loomgate.python.states;

/// Where a worker process is in its life; it never goes back.
///
/// ```
///             READY           LEAVE           DRAINED
///  STARTING ────────▶ SERVING ──────▶ LEAVING ────────▶ STOPPED ──┐
///     │                  │              │                  │      │ DIED
///     └───── CONDEMN ────┴──────────────┴─────▶ CONDEMNED ─┴──────┴─────▶ DEAD
/// ```
/// A process dies in any state. What it sends may still be on its way when it is told to go, so READY comes too late
/// then, and changes nothing; likewise LEAVE and CONDEMN, where it is going already.
public enum ProcessState {
    /// Forked; it imports or connects.
    STARTING,
    /// It is given work.
    SERVING,
    /// It is given no more, and finishes what it has.
    LEAVING,
    /// It is given no more, and is killed in a moment.
    CONDEMNED,
    /// It has nothing to do any more, and has been told to stop.
    STOPPED,
    /// Its process has ended.
    DEAD;

    private static final Transitions<ProcessState, ProcessEvent> TABLE = new Transitions<>(
                    "a worker process", ProcessState.class, ProcessEvent.class)
            .on(STARTING, ProcessEvent.READY, SERVING)
            .on(STARTING, ProcessEvent.LEAVE, LEAVING)
            .on(STARTING, ProcessEvent.CONDEMN, CONDEMNED)
            .on(STARTING, ProcessEvent.DIED, DEAD)
            .on(SERVING, ProcessEvent.LEAVE, LEAVING)
            .on(SERVING, ProcessEvent.CONDEMN, CONDEMNED)
            .on(SERVING, ProcessEvent.DIED, DEAD)
            .on(LEAVING, ProcessEvent.READY, LEAVING)
            .on(LEAVING, ProcessEvent.LEAVE, LEAVING)
            .on(LEAVING, ProcessEvent.CONDEMN, CONDEMNED)
            .on(LEAVING, ProcessEvent.DRAINED, STOPPED)
            .on(LEAVING, ProcessEvent.DIED, DEAD)
            .on(CONDEMNED, ProcessEvent.READY, CONDEMNED)
            .on(CONDEMNED, ProcessEvent.LEAVE, CONDEMNED)
            .on(CONDEMNED, ProcessEvent.CONDEMN, CONDEMNED)
            .on(CONDEMNED, ProcessEvent.DIED, DEAD)
            .on(STOPPED, ProcessEvent.READY, STOPPED)
            .on(STOPPED, ProcessEvent.LEAVE, STOPPED)
            .on(STOPPED, ProcessEvent.CONDEMN, CONDEMNED)
            .on(STOPPED, ProcessEvent.DIED, DEAD)
            .on(DEAD, ProcessEvent.READY, DEAD)
            .on(DEAD, ProcessEvent.LEAVE, DEAD)
            .on(DEAD, ProcessEvent.CONDEMN, DEAD)
            .on(DEAD, ProcessEvent.DIED, DEAD);

    /// The state that follows.
    ///
    /// @throws IllegalStateException if the event isn't allowed in this state; the message names both
    public ProcessState after(ProcessEvent event) {
        return TABLE.after(this, event);
    }

    /// Whether it has been told to go, and goes by itself.
    public boolean isGoing() {
        return this == LEAVING || this == CONDEMNED || this == STOPPED;
    }
}
