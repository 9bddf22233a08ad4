package dev.loomgate.python.wire;

import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import java.nio.charset.StandardCharsets;

/// A response's head: status and header fields, parted by line feeds.
///
/// @param status the status
/// @param headers the fields, in order
public record ResponseHead(Status status, Headers headers) {
    /// Reads the head at `from` to `to`.
    ///
    /// @throws IllegalArgumentException if the application's status or one of its fields is not valid; the message
    /// says which
    public static ResponseHead parse(byte[] bytes, int from, int to) {
        int end = lineEnd(bytes, from, to);
        Status status = status(text(bytes, from, end));
        Headers headers = new Headers();
        while (end < to) {
            int name = end + 1;
            end = lineEnd(bytes, name, to);
            if (end == to) {
                throw new FrameException("a response's head has a field name without a value");
            }
            int value = end + 1;
            end = lineEnd(bytes, value, to);
            headers.add(text(bytes, name, value - 1), text(bytes, value, end));
        }
        return new ResponseHead(status, headers);
    }

    private static Status status(String line) {
        return line.equals("200 OK") ? Status.OK : Status.parse(line);
    }

    private static int lineEnd(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
