package dev.loomgate.toolkit.routing;

import org.jspecify.annotations.Nullable;

/// What a map needs to know of a request.
sealed interface RequestBinding permits FixedBinding, EnvironBinding {
    /// The host, with its port where it isn't the scheme's own; in lower case.
    String serverName();

    /// The application's path; begins and ends with a slash.
    String scriptName();

    /// What the host has before the server's name; or null for the map's default.
    @Nullable
    String subdomain();

    /// `http`, `https`, `ws` or `wss`; empty for URLs without one.
    String scheme();

    /// The path to match; may be empty.
    String path();

    String method();

    /// The query that a redirect keeps, undecoded.
    String queryString();

    /// Whether it is a WebSocket handshake.
    default boolean websocket() {
        return scheme().startsWith("ws");
    }
}
