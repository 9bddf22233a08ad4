package dev.loomgate.gateway;

import java.io.IOException;

/// The client has disconnected: nothing more can be read from it or written to it.
///
/// Thrown by the request's input and by the response's writer. It is no fault of the server or the application: a
/// container closes the body, counts it, and doesn't log a stack.
public final class ClientGone extends IOException {
    private static final long serialVersionUID = 1;

    public ClientGone(String message) {
        super(message);
    }
}
