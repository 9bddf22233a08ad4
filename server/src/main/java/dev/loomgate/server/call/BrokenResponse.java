package dev.loomgate.server.call;

/// The application doesn't keep the gateway interface's rules, as the message says.
final class BrokenResponse extends RuntimeException {
    private static final long serialVersionUID = 1;

    BrokenResponse(String message) {
        super(message);
    }
}
