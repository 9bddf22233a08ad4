package dev.loomgate.python.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// The path of a request target, percent-decoded to bytes (RFC 3986 section 2.1).
final class RequestPath {
    private RequestPath() {}

    /// The path's bytes; a percent sign that two hex digits don't follow stands for itself.
    static byte[] decode(String target) {
        int query = target.indexOf('?');
        byte[] path = (query < 0 ? target : target.substring(0, query)).getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(path.length);
        for (int i = 0; i < path.length; i++) {
            int high = path[i] == '%' && i + 2 < path.length ? Character.digit(path[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(path[i + 2], 16);
            if (low < 0) {
                decoded.write(path[i]);
            } else {
                decoded.write(high << 4 | low);
                i += 2;
            }
        }
        return decoded.toByteArray();
    }
}
