package dev.loomgate.toolkit.test;

/// The application has answered a WebSocket's handshake by a response.
public final class NotAccepted extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient TestResponse response;

    NotAccepted(TestResponse response) {
        super("the application answered the WebSocket's handshake with " + response.status());
        this.response = response;
    }

    /// The application's answer; over HTTP without its body.
    public TestResponse response() {
        return response;
    }
}
