package dev.loomgate.bench.blocking;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.bench.harness.Address;
import dev.loomgate.bench.harness.Answer;
import dev.loomgate.gateway.Application;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.toolkit.middleware.Offloaded;
import dev.loomgate.toolkit.resources.Route;
import dev.loomgate.toolkit.resources.WebApplication;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A server with one thread for blocking work, for which one request may wait.
@Timeout(60)
class BlockingQueueTest {
    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    private String blocked() throws InterruptedException {
        running.countDown();
        release.await();
        return "done";
    }

    private Application application(boolean byRule) {
        return byRule
                ? WebApplication.of(Route.get("/", _ -> blocked()).blocking())
                : Offloaded.of().wrap(WebApplication.of(Route.get("/", _ -> blocked())));
    }

    private static FutureTask<Answer> asked(Address address) {
        FutureTask<Answer> answer = new FutureTask<>(() -> address.get("/"));
        Thread.ofPlatform().daemon().start(answer);
        return answer;
    }

    @ParameterizedTest(name = "rule: {0}")
    @ValueSource(booleans = {true, false})
    void requestPastTheQueueIsAnswered503(boolean byRule) throws Exception {
        ServerOptions options = ServerOptions.builder()
                .loops(1)
                .blockingThreads(1)
                .blockingQueue(1)
                .accessLog(false)
                .build();
        try (LogLines log = LogLines.of("dev.loomgate.loop");
                Server server = Server.builder(application(byRule))
                        .listen(ListenAddress.http("127.0.0.1:0"))
                        .options(options)
                        .start()) {
            Address address = new Address(
                    ((InetSocketAddress) server.addresses().getFirst().socketAddress()).getPort(), false);
            FutureTask<Answer> first = asked(address);
            assertThat(running.await(30, SECONDS)).isTrue();
            List<FutureTask<Answer>> others = List.of(asked(address), asked(address));

            Eventually.await("one of them is answered", () -> others.stream().anyMatch(FutureTask::isDone));

            for (FutureTask<Answer> refused : others) {
                if (refused.isDone()) {
                    assertThat(refused.get().status()).isEqualTo(503);
                }
            }
            release.countDown();
            assertThat(first.get(30, SECONDS).body()).isEqualTo("done");
            assertThat(others.get(0).get(30, SECONDS).status()
                            + others.get(1).get(30, SECONDS).status())
                    .isEqualTo(200 + 503);
            assertThat(log.with("blocking work is refused: 1 waits already, the most (blockingQueue), for 1 threads "
                            + "(blockingThreads)"))
                    .hasSize(1);
        }
    }
}
