package dev.loomgate.server.call;

/// The application doesn't keep the gateway interface's rules, as the message says.
final class BrokenResponse extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// What an application gets that accepts a WebSocket which nobody asked for.
    static final String NO_WEB_SOCKET = "the request asks for no WebSocket: its environ has no loomgate.websocket";

    BrokenResponse(String message) {
        super(message);
    }
}
