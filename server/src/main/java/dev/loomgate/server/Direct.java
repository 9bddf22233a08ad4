package dev.loomgate.server;

/// Whether an application's processes take the connections of uwsgi sockets themselves, where both can do so
/// ([Server#whyNotDirect]).
public enum Direct {
    /// Where they can.
    AUTO,
    /// They do; a server where they can't does not start.
    ON,
    /// They don't: the server accepts every connection.
    OFF
}
