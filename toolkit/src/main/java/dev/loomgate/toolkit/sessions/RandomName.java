package dev.loomgate.toolkit.sessions;

import java.security.SecureRandom;
import java.util.Base64;

/// Names that can't be guessed: 256 random bits in base64url.
final class RandomName {
    private static final int BYTES = 32;
    private static final int CHARACTERS = 43;
    private static final SecureRandom RANDOM = new SecureRandom();

    private RandomName() {}

    static String next() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// Whether a text could be one of these.
    static boolean isOne(String text) {
        return text.length() == CHARACTERS
                && text.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || c == '-'
                                || c == '_');
    }
}
