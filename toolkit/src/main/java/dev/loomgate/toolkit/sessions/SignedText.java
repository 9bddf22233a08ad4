package dev.loomgate.toolkit.sessions;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Contents that a client may read, and can't change unnoticed.
///
/// ```
/// base64url(contents) "." seconds since 1970, in hex "." base64url(HMAC-SHA-256(key, what stands before))
/// ```
///
/// The first key signs, and all verify, so that a new one is put in front and the old ones stay until what they
/// signed is too old. The keys are derived from what was given and what they are for: a text that was signed for
/// something else with the same secret is none here.
final class SignedText {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int MIN_KEY_BYTES = 16;
    private static final int HEX = 16;
    private static final int MAX_HEX_DIGITS = 10;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    /// Contents whose signature is right.
    @SuppressWarnings("ArrayRecordComponent")
    record Signed(byte[] content, Instant since) {}

    private final List<SecretKeySpec> keys;

    /// @throws IllegalArgumentException if there is no secret, or one is short
    SignedText(String purpose, List<String> secrets) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("Sessions: no key to sign with");
        }
        List<SecretKeySpec> derived = new ArrayList<>();
        for (String secret : secrets) {
            byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
            if (bytes.length < MIN_KEY_BYTES) {
                throw new IllegalArgumentException(
                        "Sessions: key %d has %d bytes, under %d (make one by: openssl rand -hex 32)"
                                .formatted(derived.size() + 1, bytes.length, MIN_KEY_BYTES));
            }
            derived.add(new SecretKeySpec(mac(new SecretKeySpec(bytes, ALGORITHM), purpose), ALGORITHM));
        }
        keys = List.copyOf(derived);
    }

    String sign(byte[] content, Instant now) {
        String signed = ENCODER.encodeToString(content) + "." + Long.toHexString(now.getEpochSecond());
        return signed + "." + ENCODER.encodeToString(mac(keys.getFirst(), signed));
    }

    /// Whether a text has the parts of a signed one.
    static boolean isPossible(String text) {
        int end = text.lastIndexOf('.');
        return end > 0 && text.lastIndexOf('.', end - 1) >= 0;
    }

    /// The contents of a text that one of the keys signed; empty for any other text.
    Optional<Signed> verified(String text) {
        int end = text.lastIndexOf('.');
        int middle = end < 0 ? -1 : text.lastIndexOf('.', end - 1);
        if (middle < 0) {
            return Optional.empty();
        }
        String signed = text.substring(0, end);
        byte[] signature = text.substring(end + 1).getBytes(StandardCharsets.UTF_8);
        boolean right = false;
        for (SecretKeySpec key : keys) {
            byte[] wanted = ENCODER.encode(mac(key, signed));
            // In a time that tells nothing of how much of it was right.
            right |= MessageDigest.isEqual(wanted, signature);
        }
        return right ? decoded(signed, middle) : Optional.empty();
    }

    private static Optional<Signed> decoded(String signed, int dot) {
        String seconds = signed.substring(dot + 1);
        if (seconds.length() > MAX_HEX_DIGITS) {
            return Optional.empty();
        }
        try {
            byte[] content = Base64.getUrlDecoder().decode(signed.substring(0, dot));
            return Optional.of(new Signed(content, Instant.ofEpochSecond(Long.parseLong(seconds, HEX))));
        } catch (IllegalArgumentException | DateTimeException e) {
            // The signature is right, so a later version wrote it.
            return Optional.empty();
        }
    }

    private static byte[] mac(SecretKeySpec key, String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
