package dev.loomgate.toolkit.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// Compares secrets.
final class Same {
    private Same() {}

    /// Whether a client's text is the secret, in a time that depends on the client's text alone: not
    /// on how much of it was right, nor on the secret's length.
    static boolean text(String given, String secret) {
        return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8));
    }
}
