package dev.loomgate.testkit.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes SCGI requests, right ones and wrong ones.
///
/// ```java
/// ScgiMessage.request("POST", "/upload", "hello").with("HTTP_HOST", "a").bytes()
/// ScgiMessage.of("").with("SCGI", "1").bytes()       // no CONTENT_LENGTH
/// ```
public final class ScgiMessage {
    private final ByteArrayOutputStream variables = new ByteArrayOutputStream();
    private final byte[] body;

    private ScgiMessage(byte[] body) {
        this.body = body;
    }

    /// A request without variables.
    public static ScgiMessage of(String body) {
        return new ScgiMessage(body.getBytes(StandardCharsets.UTF_8));
    }

    /// A request with the variables that every one needs.
    public static ScgiMessage request(String method, String path, String body) {
        ScgiMessage message = of(body);
        return message.with("CONTENT_LENGTH", Integer.toString(message.body.length))
                .with("SCGI", "1")
                .with("REQUEST_METHOD", method)
                .with("REQUEST_URI", path)
                .with("PATH_INFO", path.replaceFirst("\\?.*", ""))
                .with("QUERY_STRING", path.contains("?") ? path.replaceFirst("[^?]*\\?", "") : "")
                .with("SERVER_PROTOCOL", "HTTP/1.1");
    }

    /// Appends a variable in UTF-8.
    public ScgiMessage with(String key, String value) {
        return raw(key + "\0" + value + "\0");
    }

    /// Appends bytes to the variables.
    public ScgiMessage raw(String text) {
        variables.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /// The bytes on the wire.
    public byte[] bytes() {
        return bytes(Integer.toString(variables.size()), ",");
    }

    /// The bytes on the wire, with another length before the variables, and another end behind them.
    public byte[] bytes(String length, String end) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes((length + ":").getBytes(StandardCharsets.US_ASCII));
        all.writeBytes(variables.toByteArray());
        all.writeBytes(end.getBytes(StandardCharsets.US_ASCII));
        all.writeBytes(body);
        return all.toByteArray();
    }
}
