package dev.loomgate.toolkit.middleware;

import java.security.SecureRandom;
import java.util.Base64;

/// A number that is used once: one request's, made when a page first asks for it.
final class Nonce {
    private static final int BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private String value = "";
    private boolean started;

    /// @throws IllegalStateException if the response was started without it
    String value() {
        if (value.isEmpty()) {
            if (started) {
                throw new IllegalStateException(
                        "the nonce is asked for after the response was started: its policy has gone out already");
            }
            byte[] bytes = new byte[BYTES];
            RANDOM.nextBytes(bytes);
            value = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        }
        return value;
    }

    /// The response starts: what a policy has for it, or nothing.
    String start() {
        started = true;
        return value.isEmpty() ? "" : "'nonce-" + value + "'";
    }
}
