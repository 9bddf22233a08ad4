package dev.loomgate.toolkit.test;

import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.toolkit.JsonCodec;
import java.nio.charset.StandardCharsets;

/// A response as a client receives it.
///
/// @param status status and reason
/// @param headers the header fields
/// @param body the whole body; the array is shared, and equality is that of the array's identity
@SuppressWarnings("ArrayRecordComponent")
public record TestResponse(Status status, Headers headers, byte[] body) {
    /// The status code.
    public int code() {
        return status.code();
    }

    /// The body as text, in UTF-8.
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /// The body's JSON as a value of this type.
    ///
    /// @throws dev.loomgate.toolkit.exceptions.HttpException if it is no JSON or no such value
    public <T> T json(Class<T> type) {
        return type.cast(JsonCodec.jackson().read(body, type));
    }

    /// The first header of that name, or an empty text.
    public String header(String name) {
        return headers.first(name).orElse("");
    }

    /// Status, headers and body, for a failing test's message.
    @Override
    public String toString() {
        return status + "\n" + headers + "\n" + text();
    }
}
