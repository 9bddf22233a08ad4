package dev.loomgate.server.cgi;

import org.jspecify.annotations.Nullable;

/// Reads `REQUEST_METHOD`.
final class Methods {
    private static final int MAX_BYTES = 64;
    private static final String[] COMMON = {"GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"};
    private static final boolean[] TOKEN = new boolean[128];

    static {
        for (char c : "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".toCharArray()) {
            TOKEN[c] = true;
        }
    }

    private Methods() {}

    /// The method, or null if it is no token (RFC 9110 section 9.1) or absurdly long. Common ones cost no string.
    static @Nullable String read(byte[] block, int at, int length) {
        for (String common : COMMON) {
            if (common.length() == length && PacketText.equal(common, block, at)) {
                return common;
            }
        }
        if (length == 0 || length > MAX_BYTES) {
            return null;
        }
        for (int i = at; i < at + length; i++) {
            if (block[i] < 0 || !TOKEN[block[i]]) {
                return null;
            }
        }
        return PacketText.text(block, at, length);
    }
}
