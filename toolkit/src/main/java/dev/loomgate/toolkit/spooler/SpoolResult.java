package dev.loomgate.toolkit.spooler;

/// What becomes of a task after its run: `uwsgi.SPOOL_OK`, `SPOOL_RETRY` and `SPOOL_IGNORE`.
public enum SpoolResult {
    /// It is done, and forgotten.
    OK,

    /// It has failed, as by an exception: it is tried again after a while, and given up after
    /// [SpoolerSettings#mostAttempts].
    RETRY,

    /// It isn't for this function, or not yet: it is tried again after [SpoolerSettings#backoff], by any
    /// spooler, and that doesn't count.
    IGNORE
}
