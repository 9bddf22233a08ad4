package dev.loomgate.testkit.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes records of FastCGI, right ones and wrong ones.
///
/// ```java
/// FastCgiRecords.of().begin(1, true).get(1, "/user").input(1, new byte[0]).bytes()
/// ```
public final class FastCgiRecords {
    private static final int MOST = 65_535;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private FastCgiRecords() {}

    public static FastCgiRecords of() {
        return new FastCgiRecords();
    }

    /// Begins a request of a responder.
    ///
    /// @param keeps whether the connection stays open
    public FastCgiRecords begin(int id, boolean keeps) {
        return begin(id, 1, keeps);
    }

    public FastCgiRecords begin(int id, int role, boolean keeps) {
        return record(1, id, new byte[] {0, (byte) role, (byte) (keeps ? 1 : 0), 0, 0, 0, 0, 0}, 0);
    }

    /// All variables of a request, and their end.
    ///
    /// @param more names and values, in turns
    public FastCgiRecords params(int id, String method, String path, String... more) {
        ByteArrayOutputStream pairs = new ByteArrayOutputStream();
        pair(pairs, "REQUEST_METHOD", method);
        pair(pairs, "REQUEST_URI", path);
        pair(pairs, "PATH_INFO", path.replaceFirst("\\?.*", ""));
        pair(pairs, "QUERY_STRING", path.contains("?") ? path.replaceFirst("[^?]*\\?", "") : "");
        pair(pairs, "SERVER_PROTOCOL", "HTTP/1.1");
        for (int i = 0; i < more.length; i += 2) {
            pair(pairs, more[i], more[i + 1]);
        }
        return params(id, pairs.toByteArray()).params(id, new byte[0]);
    }

    /// A record of PARAMS.
    public FastCgiRecords params(int id, byte[] some) {
        return record(4, id, some, 0);
    }

    /// A request without a body, as a whole.
    public FastCgiRecords get(int id, String path) {
        return begin(id, true).params(id, "GET", path).input(id, new byte[0]);
    }

    /// A request with a body and its length, as a whole.
    public FastCgiRecords post(int id, String path, byte[] body) {
        begin(id, true).params(id, "POST", path, "CONTENT_LENGTH", Integer.toString(body.length));
        return body(id, body);
    }

    /// A body in as many records as it takes, and its end.
    public FastCgiRecords body(int id, byte[] body) {
        for (int at = 0; at < body.length; at += MOST) {
            input(id, Arrays.copyOfRange(body, at, Math.min(body.length, at + MOST)));
        }
        return input(id, new byte[0]);
    }

    /// A record of STDIN.
    public FastCgiRecords input(int id, byte[] some) {
        return record(5, id, some, 0);
    }

    public FastCgiRecords abort(int id) {
        return record(2, id, new byte[0], 0);
    }

    /// GET_VALUES of these names.
    public FastCgiRecords values(String... names) {
        ByteArrayOutputStream pairs = new ByteArrayOutputStream();
        for (String name : names) {
            pair(pairs, name, "");
        }
        return record(9, 0, pairs.toByteArray(), 0);
    }

    /// A record.
    ///
    /// @param padding bytes after the content
    public FastCgiRecords record(int type, int id, byte[] content, int padding) {
        bytes.writeBytes(new byte[] {
            1,
            (byte) type,
            (byte) (id >>> 8),
            (byte) id,
            (byte) (content.length >>> 8),
            (byte) content.length,
            (byte) padding,
            0
        });
        bytes.writeBytes(content);
        bytes.writeBytes(new byte[padding]);
        return this;
    }

    /// Appends a pair of name and value, with lengths as short as they can be.
    public static void pair(ByteArrayOutputStream to, String name, String value) {
        byte[] key = name.getBytes(StandardCharsets.UTF_8);
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        length(to, key.length);
        length(to, text.length);
        to.writeBytes(key);
        to.writeBytes(text);
    }

    private static void length(ByteArrayOutputStream to, int length) {
        if (length > 127) {
            to.write((length >>> 24) | 0x80);
            to.write(length >>> 16);
            to.write(length >>> 8);
        }
        to.write(length);
    }

    /// The bytes on the wire.
    public byte[] bytes() {
        return bytes.toByteArray();
    }
}
