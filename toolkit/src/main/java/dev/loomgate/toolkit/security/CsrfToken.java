package dev.loomgate.toolkit.security;

import dev.loomgate.toolkit.Session;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/// A session's secret, and how pages have it:
///
/// ```
/// base64url(mask (32 bytes) | secret XOR mask (32 bytes))
/// ```
final class CsrfToken {
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private CsrfToken() {}

    /// Makes a secret if the session has none.
    static String masked(Session session) {
        byte[] secret = secret(session).orElseGet(() -> {
            byte[] made = random();
            session.put(Session.CSRF_TOKEN, ENCODER.encodeToString(made));
            return made;
        });
        byte[] mask = random();
        byte[] token = new byte[2 * BYTES];
        for (int i = 0; i < BYTES; i++) {
            token[i] = mask[i];
            token[BYTES + i] = (byte) (mask[i] ^ secret[i]);
        }
        return ENCODER.encodeToString(token);
    }

    /// Whether a client's text is the session's token, in a time that doesn't tell how much of it was right.
    static boolean isOf(Session session, String text) {
        byte[] token = decoded(text);
        Optional<byte[]> secret = secret(session);
        if (token.length != 2 * BYTES || secret.isEmpty()) {
            return false;
        }
        byte[] given = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            given[i] = (byte) (token[i] ^ token[BYTES + i]);
        }
        return MessageDigest.isEqual(secret.get(), given);
    }

    private static Optional<byte[]> secret(Session session) {
        return session.get(Session.CSRF_TOKEN).map(CsrfToken::decoded).filter(bytes -> bytes.length == BYTES);
    }

    private static byte[] decoded(String text) {
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static byte[] random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
