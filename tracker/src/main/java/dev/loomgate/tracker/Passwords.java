package dev.loomgate.tracker;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// Passwords as they are kept: PBKDF2 with a salt, as OWASP's Password Storage Cheat Sheet has it.
public final class Passwords {
    private static final int ROUNDS = 600_000;

    private Passwords() {}

    /// What is kept of a password: `ROUNDS$SALT$HASH`.
    public static String hash(String password) throws GeneralSecurityException {
        byte[] salt = new byte[16];
        new SecureRandom().nextBytes(salt);
        return ROUNDS + "$" + Base64.getEncoder().encodeToString(salt) + "$" + hash(password, salt, ROUNDS);
    }

    /// Whether it is that password; takes as long for any.
    public static boolean matches(String password, String kept) throws GeneralSecurityException {
        String[] parts = kept.split("\\$", -1);
        String hash = hash(password, Base64.getDecoder().decode(parts[1]), Integer.parseInt(parts[0]));
        return MessageDigest.isEqual(hash.getBytes(US_ASCII), parts[2].getBytes(US_ASCII));
    }

    private static String hash(String password, byte[] salt, int rounds) throws GeneralSecurityException {
        PBEKeySpec key = new PBEKeySpec(password.toCharArray(), salt, rounds, 256);
        return Base64.getEncoder()
                .encodeToString(SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                        .generateSecret(key)
                        .getEncoded());
    }
}
