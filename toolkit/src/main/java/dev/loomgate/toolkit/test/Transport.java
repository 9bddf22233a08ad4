package dev.loomgate.toolkit.test;

import dev.loomgate.gateway.Headers;
import java.util.List;
import java.util.function.BiConsumer;

/// The way of a request to an application, and of its response back.
interface Transport {
    /// One request.
    ///
    /// @param target path and query, percent-encoded
    /// @param chunked whether the body goes without its length
    /// @param received is shown the head, as a response without a body, and each piece of the body as it comes
    @SuppressWarnings("ArrayRecordComponent")
    record Outgoing(
            String method,
            String target,
            Headers headers,
            byte[] body,
            boolean chunked,
            BiConsumer<TestResponse, byte[]> received) {
        Outgoing to(String method, String target, Headers headers, byte[] body) {
            return new Outgoing(method, target, headers, body, chunked && body.length > 0, received);
        }
    }

    /// The application's scheme and host, such as `http://localhost`.
    String origin();

    /// Sends it and receives the whole response.
    TestResponse exchange(Outgoing request) throws Exception;

    /// Opens a WebSocket.
    ///
    /// @param request a GET
    /// @throws NotAccepted if the application answers otherwise
    TestSocket open(Outgoing request, List<String> subprotocols) throws Exception;

    /// Ends it, by the application's hooks or the connections' end.
    void close() throws Exception;
}
