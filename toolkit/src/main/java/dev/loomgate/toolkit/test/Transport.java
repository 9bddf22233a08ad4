package dev.loomgate.toolkit.test;

import dev.loomgate.gateway.Headers;

/// The way of a request to an application, and of its response back.
interface Transport {
    /// One request.
    ///
    /// @param target path and query, percent-encoded
    @SuppressWarnings("ArrayRecordComponent")
    record Outgoing(String method, String target, Headers headers, byte[] body) {}

    /// Sends it and receives the whole response.
    TestResponse exchange(Outgoing request) throws Exception;
}
