package dev.loomgate.server;

/// The server can't start. The message is one line for the operator: what happened, the value, the option to
/// change.
public final class ServerStartException extends Exception {
    private static final long serialVersionUID = 1;

    public ServerStartException(String message) {
        super(message);
    }

    public ServerStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
