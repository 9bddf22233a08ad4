package dev.loomgate.security.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JwtClaimsTest {
    @Test
    void keptClaimsAreTheSameAgain() {
        JwtClaims claims = JwtClaims.of(Tokens.claims().claim("scope", "a b").build());

        assertThat(JwtClaims.of(claims.all())).isEqualTo(claims);
    }

    static List<Map<String, Object>> others() {
        return List.of(
                Map.of(),
                Map.of("iss", Tokens.ISSUER),
                Map.of("exp", 1),
                Map.of("iss", 7, "exp", 1),
                Map.of("iss", Tokens.ISSUER, "exp", "soon"));
    }

    @ParameterizedTest
    @MethodSource("others")
    void otherObjectsAreNone(Map<String, Object> object) {
        assertThatThrownBy(() -> JwtClaims.of(object))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("JwtClaims.of: ");
    }
}
