package dev.loomgate.security.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import java.net.URI;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;

/// The keys that tokens are signed with, and by which algorithms. An application names these: what a
/// token says of itself chooses among them, and nothing else. So neither `none` nor an HMAC over a
/// public key (RFC 8725 section 2.1) is ever good.
///
/// ```java
/// JwtKeys.at(URI.create("https://id.example.org/jwks.json"), "RS256")
/// JwtKeys.publicKey(key, "ES256")
/// JwtKeys.secret(Files.readAllBytes(secret), "HS256")
/// ```
///
/// | kind | algorithms |
/// |---|---|
/// | RSA, from 2048 bits on | `RS256`, `RS384`, `RS512`, `PS256`, `PS384`, `PS512` |
/// | elliptic curves | `ES256`, `ES384`, `ES512` |
/// | a shared secret, as long as the hash or longer | `HS256`, `HS384`, `HS512` |
///
/// Immutable; keys that are fetched are kept, and shared by all that verify with them.
public final class JwtKeys {
    private static final int RSA_BITS = 2048;

    private final Algorithms algorithms;
    private final JWSKeySelector<SecurityContext> selector;
    private final KeySet set;

    private JwtKeys(Algorithms algorithms, JWSKeySelector<SecurityContext> selector, KeySet set) {
        this.algorithms = algorithms;
        this.selector = selector;
        this.set = set;
    }

    /// One public key.
    ///
    /// @throws IllegalArgumentException if it isn't one for these algorithms, or too short
    public static JwtKeys publicKey(PublicKey key, String... algorithms) {
        Algorithms allowed = Algorithms.of(algorithms);
        boolean fits =
                switch (allowed.kind()) {
                    case RSA -> key instanceof RSAPublicKey;
                    case ELLIPTIC_CURVE -> key instanceof ECPublicKey;
                    case SECRET -> false;
                };
        if (!fits) {
            throw new IllegalArgumentException(
                    "JwtKeys.publicKey: a key of %s is none for %s".formatted(key.getAlgorithm(), allowed.all()));
        }
        if (!isLong(key)) {
            throw new IllegalArgumentException("JwtKeys.publicKey: an RSA key has %d bits or more".formatted(RSA_BITS));
        }
        return new JwtKeys(allowed, (_, _) -> List.of(key), KeySet.NONE);
    }

    /// A secret that the signer has, too.
    ///
    /// @throws IllegalArgumentException if the algorithms need no secret, or a longer one (RFC 7518
    /// section 3.2)
    public static JwtKeys secret(byte[] secret, String... algorithms) {
        Algorithms allowed = Algorithms.of(algorithms);
        if (allowed.kind() != Algorithms.Kind.SECRET) {
            throw new IllegalArgumentException("JwtKeys.secret: %s need no secret".formatted(allowed.all()));
        }
        int bits = allowed.all().stream().mapToInt(JwtKeys::hashBits).max().orElse(0);
        if (8 * secret.length < bits) {
            throw new IllegalArgumentException("JwtKeys.secret: it has %d bits, and %s needs %d"
                    .formatted(8 * secret.length, allowed.all(), bits));
        }
        SecretKeySpec key = new SecretKeySpec(secret, "HMAC");
        return new JwtKeys(allowed, (_, _) -> List.of(key), KeySet.NONE);
    }

    private static int hashBits(JWSAlgorithm algorithm) {
        return Integer.parseInt(algorithm.getName().substring(2));
    }

    /// The public keys of a set (RFC 7517) that is fetched when it is first needed, kept, and fetched
    /// again when it is old or a token names a key that it doesn't have.
    ///
    /// @param url `https`, or `http` on this machine
    /// @throws IllegalArgumentException if the URL is another one, or the algorithms are those of
    /// secrets
    public static JwtKeys at(URI url, String... algorithms) {
        return at(url, JwksSettings.DEFAULT, algorithms);
    }

    /// The same with other settings.
    ///
    /// @throws IllegalArgumentException as [#at(URI, String...)]
    public static JwtKeys at(URI url, JwksSettings settings, String... algorithms) {
        Algorithms allowed = Algorithms.of(algorithms);
        if (allowed.kind() == Algorithms.Kind.SECRET) {
            throw new IllegalArgumentException(
                    "JwtKeys.at: a set that others may read has no secrets, as %s need".formatted(allowed.all()));
        }
        FetchedKeys set = new FetchedKeys(new Document(url, settings.timeout(), settings.maxBytes()));
        return new JwtKeys(allowed, set.selector(settings, allowed), set);
    }

    static boolean isLong(java.security.Key key) {
        return !(key instanceof RSAPublicKey rsa) || rsa.getModulus().bitLength() >= RSA_BITS;
    }

    Algorithms algorithms() {
        return algorithms;
    }

    JWSKeySelector<SecurityContext> selector() {
        return selector;
    }

    KeySet set() {
        return set;
    }
}
