package dev.loomgate.server.http;

import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;

/// What a request for a WebSocket says in HTTP/1.1 and not in HTTP/2 (RFC 8441 section 5).
///
/// Programs that look for these variables need not know which of the two brought it: a proxy that translates one
/// into the other does the same.
///
/// ```
///  :method CONNECT                    GET /chat
///  :protocol websocket                Upgrade: websocket, Connection: Upgrade
///  (no key: a stream is one client's)   Sec-WebSocket-Key: of no meaning, but another one each time
/// ```
final class HandshakeFields {
    /// The method that stands for CONNECT.
    static final String METHOD = "GET";

    private static final String KEY = "sec-websocket-key";
    private static final int KEY_BYTES = 16;

    private HandshakeFields() {}

    /// Names and values.
    static void forEach(BiConsumer<CharSequence, CharSequence> action) {
        byte[] key = new byte[KEY_BYTES];
        ThreadLocalRandom.current().nextBytes(key);
        action.accept("upgrade", "websocket");
        action.accept("connection", "Upgrade");
        action.accept(KEY, Base64.getEncoder().encodeToString(key));
    }

    /// Leaves out of a head's fields what isn't used in HTTP/2, though a client has sent it.
    ///
    /// @param fields four places for each
    /// @return how many are left
    static int without(byte[] bytes, int[] fields, int count) {
        int left = 0;
        for (int i = 0; i < count; i++) {
            if (!Bytes.equal(bytes, fields[4 * i], fields[4 * i + 1], KEY)) {
                System.arraycopy(fields, 4 * i, fields, 4 * left, 4);
                left++;
            }
        }
        return left;
    }
}
