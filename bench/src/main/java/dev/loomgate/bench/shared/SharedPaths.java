package dev.loomgate.bench.shared;

/// What the servers of table x answer, all of them with [#USER] as text.
///
/// Arguments of each: the URI of Redis, and the port.
public final class SharedPaths {
    /// Without asking Redis.
    public static final String PLAIN = "/";

    /// Begins a session with the user in it, which another request reads by the cookie of this answer.
    public static final String LOGIN = "/login";

    /// The user that the session has; without a session [#NOBODY].
    public static final String SESSION = "/session";

    /// A value that Redis is asked for each time.
    public static final String CACHE = "/cache";

    /// A value of which the server may keep a copy.
    public static final String NEAR = "/near";

    public static final String USER = "ada";
    public static final String NOBODY = "nobody";

    static final String HOST = "127.0.0.1";

    private SharedPaths() {}
}
