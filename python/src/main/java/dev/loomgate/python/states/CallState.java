package dev.loomgate.python.states;

/// Where a call is in its life.
///
/// ```
///            GIVEN          BEGUN          FILE_LENT        FILE_SENT
///  WAITING ────────▶ GIVEN ───────▶ BEGUN ───────────▶ LENT ──────────▶ OVER
///     │   ◀────────    │              │                                  ▲
///     │    RECALLED    │ LOST         │ ENDED, LOST                      │
///     └────────────────┴──────────────┴──────────────────────────────────┘
///       DROPPED, REFUSED
/// ```
/// That somebody has cancelled a call, or that its time is over, is no state of its own: it is true of a call in
/// any of them, and the worker decides what becomes of it.
public enum CallState {
    /// It waits for a worker.
    WAITING,
    /// A worker has it, and may give it back.
    GIVEN,
    /// A worker runs it: no other one will get it.
    BEGUN,
    /// It is answered; the worker keeps a file open for it.
    LENT,
    /// Nothing more comes from a worker.
    OVER;

    private static final Transitions<CallState, CallEvent> TABLE = new Transitions<>(
                    "a call", CallState.class, CallEvent.class)
            .on(WAITING, CallEvent.GIVEN, GIVEN)
            .on(WAITING, CallEvent.DROPPED, OVER)
            .on(WAITING, CallEvent.REFUSED, OVER)
            .on(GIVEN, CallEvent.BEGUN, BEGUN)
            .on(GIVEN, CallEvent.RECALLED, WAITING)
            .on(GIVEN, CallEvent.LOST, OVER)
            .on(BEGUN, CallEvent.BEGUN, BEGUN)
            .on(BEGUN, CallEvent.ENDED, OVER)
            .on(BEGUN, CallEvent.FILE_LENT, LENT)
            .on(BEGUN, CallEvent.LOST, OVER)
            .on(LENT, CallEvent.FILE_SENT, OVER);

    /// The state that follows.
    ///
    /// @throws IllegalStateException if the event isn't allowed in this state; the message names both
    public CallState after(CallEvent event) {
        return TABLE.after(this, event);
    }

    /// Whether nothing more comes from a worker.
    public boolean isOver() {
        return this == LENT || this == OVER;
    }
}
