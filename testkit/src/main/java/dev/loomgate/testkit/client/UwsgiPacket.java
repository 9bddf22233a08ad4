package dev.loomgate.testkit.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes uwsgi packets, right ones and wrong ones.
///
/// ```java
/// UwsgiPacket.request("POST", "/upload").body("hello").bytes()
/// UwsgiPacket.empty().rawLength(9).raw("KEY").bytes()       // the key's length runs past the end
/// ```
public final class UwsgiPacket {
    private final ByteArrayOutputStream variables = new ByteArrayOutputStream();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int modifier1;
    private int modifier2;
    private int claimedSize = -1;

    private UwsgiPacket() {}

    /// A packet without variables.
    public static UwsgiPacket empty() {
        return new UwsgiPacket();
    }

    /// A packet with the variables that every request needs.
    public static UwsgiPacket request(String method, String path) {
        return empty().with("REQUEST_METHOD", method)
                .with("REQUEST_URI", path)
                .with("PATH_INFO", path.replaceFirst("\\?.*", ""))
                .with("QUERY_STRING", path.contains("?") ? path.replaceFirst("[^?]*\\?", "") : "")
                .with("SERVER_PROTOCOL", "HTTP/1.1")
                .with("SERVER_NAME", "localhost")
                .with("SERVER_PORT", "80");
    }

    /// Appends a variable in UTF-8.
    public UwsgiPacket with(String key, String value) {
        return rawLength(key.getBytes(StandardCharsets.UTF_8).length)
                .raw(key)
                .rawLength(value.getBytes(StandardCharsets.UTF_8).length)
                .raw(value);
    }

    /// Appends a u16 to the variables.
    public UwsgiPacket rawLength(int length) {
        variables.write(length);
        variables.write(length >>> 8);
        return this;
    }

    /// Appends bytes to the variables.
    public UwsgiPacket raw(String text) {
        variables.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    public UwsgiPacket modifier1(int modifier) {
        modifier1 = modifier;
        return this;
    }

    public UwsgiPacket modifier2(int modifier) {
        modifier2 = modifier;
        return this;
    }

    /// Has the header say this, whatever the variables take.
    public UwsgiPacket claimSize(int bytes) {
        claimedSize = bytes;
        return this;
    }

    /// Appends a CONTENT_LENGTH that is true, and the body.
    public UwsgiPacket body(String text) {
        return with("CONTENT_LENGTH", Integer.toString(text.getBytes(StandardCharsets.UTF_8).length))
                .trailing(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Appends bytes after the packet.
    public UwsgiPacket trailing(byte[] bytes) {
        body.writeBytes(bytes);
        return this;
    }

    /// The bytes on the wire.
    public byte[] bytes() {
        int size = claimedSize >= 0 ? claimedSize : variables.size();
        if (size > 0xffff) {
            throw new IllegalStateException("variables take " + size + " bytes, over 65535");
        }
        byte[] header = {(byte) modifier1, (byte) size, (byte) (size >>> 8), (byte) modifier2};
        byte[] packet = Arrays.copyOf(header, 4 + variables.size() + body.size());
        System.arraycopy(variables.toByteArray(), 0, packet, 4, variables.size());
        System.arraycopy(body.toByteArray(), 0, packet, 4 + variables.size(), body.size());
        return packet;
    }
}
