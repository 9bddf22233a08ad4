package dev.loomgate.loop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.loop.settings.Engine;
import dev.loomgate.testkit.LogLines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Requests that wait for a thread are no secret, whatever the engine is.
@Timeout(60)
@Tag("timing")
class SharedThreadsWatchTest {
    private final LogLines log = LogLines.of("dev.loomgate.loop");
    private volatile boolean release;

    @AfterEach
    void stopListening() {
        release = true;
        log.close();
    }

    private static LoopGroup.Builder group(Engine engine) {
        return LoopGroup.builder().engine(engine).holdLimit(Duration.ofMillis(200));
    }

    private String computed() {
        while (!release) {
            Thread.onSpinWait();
        }
        return "computed";
    }

    private void endAll(List<? extends Future<String>> tasks) throws Exception {
        release = true;
        for (Future<String> task : tasks) {
            assertThat(task.get(20, SECONDS)).isEqualTo("computed");
        }
        assertThat(log.await("in all")).matches(".* were all taken for \\d+ ms in all");
    }

    @Test
    void microthreadsThatComputeOnAllCarriersAreReported() throws Exception {
        try (LoopGroup group = group(Engine.VIRTUAL).start()) {
            List<Task<String>> computing = new ArrayList<>();
            for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
                computing.add(group.next().createTask(this::computed));
            }

            assertThat(log.await("have all been taken"))
                    .contains("the JDK's carriers of virtual threads have all been taken for ")
                    .contains("over 200 ms (holdLimit)")
                    .contains("Rule.blocking(), Offloaded, environ.offload() and Loop.offload run such work on ")
                    .doesNotContain("of the application's own (#");
            endAll(computing);
        }
    }

    @Test
    void poolThatIsFullIsReportedWithTheOptionThatMakesItGreater() throws Exception {
        try (LoopGroup group = group(Engine.THREADS).threads(2).start()) {
            List<Task<String>> computing = new ArrayList<>();
            group.next().side().execute(() -> {
                for (int i = 0; i < 3; i++) {
                    Task<String> task = new Task<>();
                    task.startOn(group.next(), this::computed);
                    synchronized (computing) {
                        computing.add(task);
                    }
                }
            });

            assertThat(log.await("have all been taken"))
                    .contains("the threads for requests (threads) have all been taken for ")
                    .contains("A greater number (threads) allows more at a time");
            synchronized (computing) {
                endAll(computing);
            }
        }
    }

    @Test
    void threadsOfWhichSomeAreFreeAreNotReported() throws Exception {
        try (LoopGroup group = group(Engine.THREADS).threads(4).start()) {
            Task<String> computing = group.next().createTask(this::computed);
            Thread.sleep(Duration.ofSeconds(1)); // five times the limit
            assertThat(log.lines()).isEmpty();
            release = true;
            assertThat(computing.get(20, SECONDS)).isEqualTo("computed");
        }
    }
}
