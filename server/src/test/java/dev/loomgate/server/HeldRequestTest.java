package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.loop.settings.Engine;
import dev.loomgate.testkit.client.HttpPeer;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A request that computes forever, deaf to interrupts, holds up neither the others, nor its own deadline, nor the
/// stop.
@Timeout(60)
@Tag("timing")
class HeldRequestTest {
    private static final Duration GRACE = Duration.ofSeconds(15);

    private volatile boolean over;

    private final Application application = (environ, startResponse) -> {
        while (environ.path().equals("/held") && !over) {
            Thread.onSpinWait();
        }
        return Apps.LINE.call(environ, startResponse);
    };

    private static ServerOptions options(Engine engine) {
        return ServerOptions.builder()
                .loops(1)
                .engine(engine)
                .threads(4)
                .limits(Limits.builder().requestTimeout(Duration.ofMillis(500)).build())
                .accessLog(false)
                .build();
    }

    private static Server start(Server.Builder builder) throws ServerStartException {
        return builder.listen(ListenAddress.http("127.0.0.1:0")).start();
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void harakiriAnswersItAndOthersGoOnAndTheStopEnds(Engine engine) throws Exception {
        Server server = start(Server.builder(application).options(options(engine)));
        try (HttpPeer held = Peers.http(server);
                HttpPeer other = Peers.http(server)) {
            assertThat(other.get("/").answer().status()).isEqualTo(200);
            held.get("/held");
            assertThat(other.get("/").answer().status()).isEqualTo(200);
            assertThat(held.answer().status()).isEqualTo(504);
            assertThat(other.get("/").answer().status()).isEqualTo(200);

            long start = System.nanoTime();
            assertThat(server.stop(Duration.ofMillis(100))).isFalse();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(GRACE);
        } finally {
            over = true;
            server.close();
        }
    }

    @Test
    void stopHookThatNeverEndsIsLeftBehind() throws Exception {
        Lifecycle hooks = new Lifecycle() {
            @Override
            public void stop() {
                while (!over) {
                    Thread.onSpinWait();
                }
            }
        };
        Server server =
                start(Server.builder(application).options(options(Engine.LOOP)).lifecycle(hooks));
        try {
            long start = System.nanoTime();
            server.stop(Duration.ofMillis(100));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(GRACE);
        } finally {
            over = true;
        }
    }
}
