package dev.loomgate.server;

/// Whether an application's processes take the connections of uwsgi sockets and of HTTP themselves, where both can
/// do so ([Server#whyNotDirect]).
public enum Direct {
    /// They do where they can.
    AUTO,
    /// They do; a server where they can't does not start. Beside a uwsgi socket, HTTP is the server's where it has to
    /// be.
    ON,
    /// They don't: the server accepts every connection.
    OFF
}
