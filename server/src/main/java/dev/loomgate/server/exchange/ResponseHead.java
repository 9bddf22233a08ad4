package dev.loomgate.server.exchange;

import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;

/// A response's head, ready to be sent.
///
/// @param length the content's bytes, or [#UNKNOWN]; of a HEAD response, those that GET would send
/// @param bodiless whether no content follows, whatever the length: HEAD, 1xx, 204, 205 and 304
public record ResponseHead(Status status, Headers headers, long length, boolean bodiless) {
    /// The content's length is not known beforehand.
    public static final long UNKNOWN = -1;

    /// The same with another status.
    public ResponseHead withStatus(Status other) {
        return new ResponseHead(other, headers, length, bodiless);
    }

    /// Whether a Content-Length belongs into this head (RFC 9110 section 8.6: never with 1xx and 204).
    public boolean hasLength() {
        return length >= 0 && status.code() != 204 && status.code() >= 200;
    }
}
