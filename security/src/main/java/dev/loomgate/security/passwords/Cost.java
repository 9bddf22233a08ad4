package dev.loomgate.security.passwords;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.bouncycastle.crypto.generators.SCrypt;

/// A function from a password to a key, with its parameters.
sealed interface Cost {
    /// Computes: it holds the thread.
    ///
    /// @param bytes how long the key is
    byte[] key(String password, byte[] salt, int bytes);

    /// The first part of a text, as Werkzeug has it: `scrypt:32768:8:1`.
    String text();

    /// scrypt (RFC 7914).
    ///
    /// @param n a power of 2, from 2 on
    /// @param r from 1 on
    /// @param p from 1 on
    record Scrypt(int n, int r, int p) implements Cost {
        private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

        boolean isPossible() {
            return n >= 2
                    && Integer.bitCount(n) == 1
                    && r >= 1
                    && p >= 1
                    && (long) r * p < 1 << 30
                    // RFC 7914 section 2: N < 2^(128 * r / 8).
                    && (r > 1 || n < 1 << 16);
        }

        long memoryBytes() {
            return product(128, n, r);
        }

        long blocks() {
            return product(n, r, p);
        }

        private static long product(long a, long b, long c) {
            return BigInteger.valueOf(a)
                    .multiply(BigInteger.valueOf(b))
                    .multiply(BigInteger.valueOf(c))
                    .min(MOST)
                    .longValueExact();
        }

        @Override
        public byte[] key(String password, byte[] salt, int bytes) {
            return SCrypt.generate(password.getBytes(StandardCharsets.UTF_8), salt, n, r, p, bytes);
        }

        @Override
        public String text() {
            return "scrypt:" + n + ":" + r + ":" + p;
        }
    }

    /// PBKDF2 with HMAC (RFC 8018 section 5.2).
    ///
    /// @param hash `sha256` or `sha512`
    /// @param iterations from 1 on
    record Pbkdf2(String hash, int iterations) implements Cost {
        @Override
        public byte[] key(String password, byte[] salt, int bytes) {
            PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, 8 * bytes);
            try {
                return SecretKeyFactory.getInstance("PBKDF2WithHmac" + hash.replace("sha", "SHA"))
                        .generateSecret(spec)
                        .getEncoded();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the JDK has no PBKDF2 with " + hash, e);
            } finally {
                spec.clearPassword();
            }
        }

        @Override
        public String text() {
            return "pbkdf2:" + hash + ":" + iterations;
        }
    }
}
