package dev.loomgate.toolkit.test;

/// The application has answered by an ordinary response: a WebSocket's handshake, or a request for events.
public final class NotAccepted extends RuntimeException {
    private static final long serialVersionUID = 1;

    static final String HANDSHAKE = "the WebSocket's handshake";

    private final transient TestResponse response;

    /// @param asked what it has answered
    NotAccepted(String asked, TestResponse response) {
        super("the application answered %s with %s".formatted(asked, response.status()));
        this.response = response;
    }

    /// The application's answer; of a handshake over HTTP without its body.
    public TestResponse response() {
        return response;
    }
}
