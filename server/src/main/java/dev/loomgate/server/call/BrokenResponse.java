package dev.loomgate.server.call;

/// The application doesn't keep the gateway interface's rules, as the message says.
final class BrokenResponse extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// What an application gets that accepts a WebSocket all the same.
    static final String NO_WEB_SOCKETS =
            "this server serves no WebSockets yet: the request's environ has no loomgate.websocket";

    BrokenResponse(String message) {
        super(message);
    }
}
