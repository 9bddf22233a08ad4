package dev.loomgate.redis;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Whom a `rediss://` connection trusts, and what it shows of itself.
///
/// ```java
/// RedisSettings.of("rediss://redis.internal:6379/0").withTls(RedisTls.DEFAULT
///         .withTrusted(Path.of("/etc/redis/ca.crt"))
///         .withCertificate(Path.of("/etc/shop/redis.crt"), Path.of("/etc/shop/redis.key")));
/// ```
/// The server's certificate has to be for the host of the URI. All files are in PEM, and read for each new
/// connection: renewed ones count from the next one on.
///
/// @param trusted certificates of authorities; null for those of the JDK
/// @param certificate the chain that is shown, for a Redis with `tls-auth-clients yes` (its default); null
/// for none
/// @param key the private key of that, PKCS #8, not encrypted; null exactly if there is no certificate
public record RedisTls(
        @Nullable Path trusted,
        @Nullable Path certificate,
        @Nullable Path key) {
    /// The JDK's authorities, and no certificate of our own.
    public static final RedisTls DEFAULT = new RedisTls(null, null, null);

    /// @throws IllegalArgumentException if a file isn't there, or a certificate is without its key
    public RedisTls {
        check("trusted", trusted);
        check("certificate", certificate);
        check("key", key);
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("RedisTls: certificate and key belong together, and one is missing");
        }
    }

    private static void check(String name, @Nullable Path file) {
        if (file != null && !Files.isReadable(file)) {
            throw new IllegalArgumentException("RedisTls: %s is %s, which can't be read".formatted(name, file));
        }
    }

    /// The same with other authorities: their certificates in one file.
    public RedisTls withTrusted(Path other) {
        return new RedisTls(other, certificate, key);
    }

    /// The same with a certificate of our own, and its key.
    public RedisTls withCertificate(Path otherCertificate, Path otherKey) {
        return new RedisTls(trusted, otherCertificate, otherKey);
    }
}
