package dev.loomgate.server;

/// Whether an application's processes take the connections of uwsgi sockets, or of HTTP, themselves, where both can
/// do so ([Server#whyNotDirect]).
public enum Direct {
    /// Those of uwsgi unix sockets, where they can.
    AUTO,
    /// They do, also those of HTTP; a server where they can't does not start. Beside a uwsgi socket, HTTP is the
    /// server's where it has to be.
    ON,
    /// They don't: the server accepts every connection.
    OFF
}
