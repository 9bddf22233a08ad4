package dev.loomgate.security.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The algorithms that a signature may be made by, named by the application; those of one kind only,
/// so that no key is ever taken for one of another kind.
record Algorithms(Kind kind, Set<JWSAlgorithm> all) {
    enum Kind {
        RSA,
        ELLIPTIC_CURVE,
        SECRET;

        List<String> names() {
            return switch (this) {
                case RSA -> List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512");
                case ELLIPTIC_CURVE -> List.of("ES256", "ES384", "ES512");
                case SECRET -> List.of("HS256", "HS384", "HS512");
            };
        }
    }

    /// @throws IllegalArgumentException if there is none, one is unknown, or they are of several kinds
    static Algorithms of(String... names) {
        Set<String> wanted = new LinkedHashSet<>(List.of(names));
        for (Kind kind : Kind.values()) {
            if (!wanted.isEmpty() && kind.names().containsAll(wanted)) {
                return new Algorithms(
                        kind, Set.copyOf(wanted.stream().map(JWSAlgorithm::new).toList()));
            }
        }
        throw new IllegalArgumentException("JwtKeys: the algorithms are %s, not some of one of these: %s"
                .formatted(wanted, Arrays.stream(Kind.values()).map(Kind::names).toList()));
    }

    boolean allow(JWSAlgorithm algorithm) {
        return all.contains(algorithm);
    }
}
