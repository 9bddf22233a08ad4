package dev.loomgate.security.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.RSAKey;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import dev.loomgate.toolkit.security.InvalidToken;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FetchedKeysTest {
    private static final RSAKey FIRST = Tokens.rsa("first");
    private static final RSAKey SECOND = Tokens.rsa("second");
    private static final JwksSettings SETTINGS = JwksSettings.DEFAULT;

    private static JwtVerifier verifier(URI url, JwksSettings settings) {
        return JwtVerifier.of(JwtKeys.at(url, settings, "RS256"), Tokens.ISSUER, Tokens.AUDIENCE)
                .withClock(InstantSource.fixed(Tokens.NOW));
    }

    private static String token(RSAKey key) throws Exception {
        return Tokens.signed(key, Tokens.claims().build());
    }

    @Test
    void theSetIsFetchedWhenItIsNeededAndKept() throws Exception {
        try (KeyServer server = new KeyServer(FIRST)) {
            JwtVerifier verifier = verifier(server.url(), SETTINGS);
            assertThat(server.asked()).isZero();

            for (int i = 0; i < 10; i++) {
                assertThat(verifier.verify(token(FIRST)).subject()).isEqualTo("42");
            }

            assertThat(server.asked()).isEqualTo(1);
        }
    }

    @Test
    void anUnknownKeyIsLookedFor() throws Exception {
        try (KeyServer server = new KeyServer(FIRST)) {
            JwtVerifier verifier = verifier(server.url(), SETTINGS);
            verifier.verify(token(FIRST));

            server.has(FIRST, SECOND);

            assertThat(verifier.verify(token(SECOND)).subject()).isEqualTo("42");
            assertThat(server.asked()).isEqualTo(2);
        }
    }

    @Test
    void unknownKeysCostFewFetches() throws Exception {
        try (KeyServer server = new KeyServer(FIRST)) {
            JwtVerifier verifier = verifier(server.url(), SETTINGS);

            for (int i = 0; i < 20; i++) {
                assertThatThrownBy(() -> verifier.verify(token(SECOND))).isInstanceOf(InvalidToken.class);
            }

            assertThat(server.asked()).isBetween(1, 2);
            assertThat(verifier.verify(token(FIRST)).subject()).isEqualTo("42");
        }
    }

    @Test
    void aSetThatIsNotToBeHadIsNoFaultOfTheToken() throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate.security");
                KeyServer server = new KeyServer(FIRST)) {
            server.answers(500, "");
            JwtVerifier verifier = verifier(server.url(), SETTINGS);

            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> verifier.verify(token(FIRST))).isInstanceOf(ServiceUnavailable.class);
            }

            assertThat(log.with("the keys of tokens can't be fetched: " + server.url()))
                    .isNotEmpty()
                    .hasSizeLessThan(4)
                    .allMatch(line -> line.contains("status 500"));
        }
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate.security");
                KeyServer server = new KeyServer(FIRST)) {
            String set = new com.nimbusds.jose.jwk.JWKSet(FIRST).toString();
            server.answers(302, set);

            assertThatThrownBy(() -> verifier(server.url(), SETTINGS).verify(token(FIRST)))
                    .isInstanceOf(ServiceUnavailable.class);
            assertThat(log.lines()).first().asString().contains("status 302");
        }
    }

    @Test
    void aSetThatIsTooLargeIsRefused() throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate.security");
                KeyServer server = new KeyServer(FIRST)) {
            server.answers(200, "{\"keys\":[]}" + " ".repeat(100_000));

            assertThatThrownBy(() -> verifier(server.url(), SETTINGS).verify(token(FIRST)))
                    .isInstanceOf(ServiceUnavailable.class);
            assertThat(log.lines()).hasSize(1);
        }
    }

    @Test
    void whatIsNoSetIsRefused() throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate.security");
                KeyServer server = new KeyServer(FIRST)) {
            server.answers(200, "<html>");

            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> verifier(server.url(), SETTINGS).verify(token(FIRST)))
                        .isInstanceOf(ServiceUnavailable.class);
            }
            assertThat(log.lines()).allMatch(line -> line.contains("are no JSON Web Key Set"));
        }
    }

    @Test
    void aServerThatIsSilentIsNotWaitedForLong() throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate.security");
                ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            URI url = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/jwks");
            JwtVerifier verifier = verifier(url, SETTINGS.withTimeout(Duration.ofMillis(200)));

            assertThatThrownBy(() -> verifier.verify(token(FIRST))).isInstanceOf(ServiceUnavailable.class);
            assertThat(log.lines()).first().asString().contains("took longer than 200 ms (timeout)");
        }
    }

    @Test
    void anOldSetIsFetchedAgain() throws Exception {
        try (KeyServer server = new KeyServer(FIRST)) {
            JwtVerifier verifier = verifier(
                    server.url(), SETTINGS.withPause(Duration.ofMillis(1)).withLifetime(Duration.ofMillis(2)));
            verifier.verify(token(FIRST));

            dev.loomgate.testkit.Eventually.await("a second fetch", () -> {
                verifier.verify(token(FIRST));
                return server.asked() > 1;
            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://id.example.org/jwks", "ftp://localhost/jwks", "file:///etc/passwd", "/jwks", "https:jwks"
            })
    void aUrlThatOthersCanChangeStopsTheStart(String url) {
        assertThatThrownBy(() -> JwtKeys.at(URI.create(url), "RS256"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(url);
    }

    @Test
    void settingsThatMakeNoSenseStopTheStart() {
        assertThatThrownBy(() -> SETTINGS.withTimeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("timeout");
        assertThatThrownBy(() -> SETTINGS.withMaxBytes(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxBytes");
        assertThatThrownBy(() -> SETTINGS.withPause(Duration.ofMinutes(5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pause");
    }
}
