package dev.loomgate.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.peers.CertificateAuthority;
import dev.loomgate.testkit.peers.CertificateAuthority.Issued;
import dev.loomgate.testkit.peers.RedisServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A real Redis that speaks TLS.
@Timeout(120)
class RedisTlsTest {
    @TempDir
    private Path directory;

    private CertificateAuthority authority;
    private Issued own;
    private LogLines log;

    @BeforeEach
    void prepare() throws Exception {
        authority = CertificateAuthority.in(directory);
        own = authority.issue("shop", "");
        log = LogLines.of("dev.loomgate.redis");
    }

    @AfterEach
    void end() {
        log.close();
    }

    private RedisServer serve(String alternatives) throws Exception {
        return RedisServer.startTls(directory, authority, authority.issue("redis", alternatives));
    }

    private static Redis open(RedisServer server, RedisTls tls) {
        return Redis.open(RedisSettings.of(server.uri())
                .withTimeout(Duration.ofSeconds(10))
                .withTls(tls));
    }

    private RedisTls trusting() {
        return RedisTls.DEFAULT.withTrusted(authority.certificate());
    }

    @Test
    void bothSidesShowCertificates() throws Exception {
        byte[] value = "value".getBytes(StandardCharsets.UTF_8);
        try (RedisServer server = serve("IP:127.0.0.1");
                Redis redis = open(server, trusting().withCertificate(own.chain(), own.key()))) {
            redis.call(commands -> commands.set("key", value));

            assertThat(redis.<byte[]>call(commands -> commands.get("key"))).isEqualTo(value);
            server.kill();
            server.restart();
            Eventually.await("it is back", redis::isThere);
        }
    }

    @Test
    void aServerThatNobodyVouchesForIsRefused() throws Exception {
        try (RedisServer server = serve("IP:127.0.0.1");
                Redis redis = open(server, RedisTls.DEFAULT.withCertificate(own.chain(), own.key()))) {
            assertThat(redis.isThere()).isFalse();
            assertThat(log.with("is gone").getFirst()).contains("unable to find valid certification path");
        }
    }

    @Test
    void aCertificateOfAnotherHostIsRefused() throws Exception {
        try (RedisServer server = serve("DNS:another.example");
                Redis redis = open(server, trusting().withCertificate(own.chain(), own.key()))) {
            assertThat(redis.isThere()).isFalse();
            assertThat(log.with("is gone").getFirst()).contains("127.0.0.1");
        }
    }

    @Test
    void withoutACertificateOfItsOwnItIsNotLetIn() throws Exception {
        try (RedisServer server = serve("IP:127.0.0.1");
                Redis redis = open(server, trusting())) {
            assertThat(redis.isThere()).isFalse();
            assertThat(log.with("is gone")).hasSize(1);
        }
    }

    @Test
    void filesThatAreNotThereAreNamed() {
        assertThatThrownBy(() -> RedisTls.DEFAULT.withTrusted(directory.resolve("none.crt")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("RedisTls: trusted is %s, which can't be read", directory.resolve("none.crt"));
        assertThatThrownBy(() -> new RedisTls(null, own.chain(), null))
                .hasMessageContaining("certificate and key belong together");
    }
}
