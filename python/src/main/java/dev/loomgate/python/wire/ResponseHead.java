package dev.loomgate.python.wire;

import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A response's head: status and header fields, parted by line feeds.
///
/// @param status the status
/// @param headers the fields, in order
public record ResponseHead(Status status, Headers headers) {
    private static final int MOST_DIGITS = 18;

    /// Reads a head.
    ///
    /// @throws IllegalArgumentException if the application's status or one of its fields is not valid; the message
    /// says which
    public static ResponseHead parse(byte[] bytes) {
        int end = lineEnd(bytes, 0);
        Status status = status(text(bytes, 0, end));
        Headers headers = new Headers();
        while (end < bytes.length) {
            int name = end + 1;
            end = lineEnd(bytes, name);
            if (end == bytes.length) {
                throw new FrameException("a response's head has a field name without a value");
            }
            int value = end + 1;
            end = lineEnd(bytes, value);
            headers.add(text(bytes, name, value - 1), text(bytes, value, end));
        }
        return new ResponseHead(status, headers);
    }

    /// The bytes that the body is to have, as Content-Length says; [Long#MAX_VALUE] where it says nothing that could be
    /// understood, which is the server's matter.
    public long promisedBytes() {
        if (!headers.contains("Content-Length")) {
            return Long.MAX_VALUE;
        }
        List<String> values = headers.all("Content-Length");
        return values.size() == 1 ? number(values.getFirst()) : Long.MAX_VALUE;
    }

    private static long number(String digits) {
        int length = digits.length();
        long number = 0;
        for (int i = 0; i < length; i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9 || length > MOST_DIGITS) {
                return Long.MAX_VALUE;
            }
            number = 10 * number + digit;
        }
        return length == 0 ? Long.MAX_VALUE : number;
    }

    private static Status status(String line) {
        return line.equals("200 OK") ? Status.OK : Status.parse(line);
    }

    private static int lineEnd(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
