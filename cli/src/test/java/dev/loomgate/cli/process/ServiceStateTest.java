package dev.loomgate.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What has no real service manager: a name that leads nowhere, and loops that hang.
@Timeout(60)
class ServiceStateTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/nowhere/notify | connect: No such file or directory",
                "@loomgate-nobody-listens | connect: Connection refused",
                "vsock:2:1234 | it has to be an absolute path, or @ and a name",
            })
    void aManagerThatCannotBeToldIsWarnedOfOnce(String name, String why) {
        try (LogLines log = LogLines.withLevels("dev.loomgate.cli");
                ServiceState service = ServiceState.of(Map.of("NOTIFY_SOCKET", name))) {
            service.starts();
            service.serves("nothing", CompletableFuture::new, Optional::empty);
            service.stops("SIGTERM");

            assertThat(log.lines())
                    .containsExactly("WARNING the service manager can't be told how the server is (NOTIFY_SOCKET="
                            + name + "): " + why);
        }
    }

    @Test
    void aNameThatIsTooLongIsSaid() {
        String name = directory.resolve("n".repeat(200)).toString();
        try (LogLines log = LogLines.of("dev.loomgate.cli");
                ServiceState service = ServiceState.of(Map.of("NOTIFY_SOCKET", name))) {
            service.starts();

            assertThat(log.lines()).hasSize(1).first().asString().endsWith(": it has more than 107 bytes");
        }
    }

    @Test
    void withoutAManagerNothingIsSaid() {
        try (LogLines log = LogLines.of("dev.loomgate.cli");
                ServiceState service = ServiceState.of(Map.of("WATCHDOG_USEC", "1000000"))) {
            service.starts();
            service.serves(
                    "nothing",
                    () -> {
                        throw new AssertionError("nobody watches");
                    },
                    Optional::empty);

            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void theWatchdogHearsNothingWhileALoopHangs() throws Exception {
        BlockingQueue<CompletableFuture<Void>> asked = new LinkedBlockingQueue<>();
        AtomicInteger heard = new AtomicInteger();
        try (LogLines log = LogLines.withLevels("dev.loomgate.cli");
                ServiceWatchdog watchdog = ServiceWatchdog.start(
                        Duration.ofMillis(40),
                        () -> {
                            CompletableFuture<Void> turn = new CompletableFuture<>();
                            asked.add(turn);
                            return turn;
                        },
                        Optional::empty,
                        heard::incrementAndGet)) {
            assertThat(watchdog).isNotNull();
            CompletableFuture<Void> first = asked.take();
            log.await("ERROR a loop has not turned for 40 ms");
            assertThat(heard).hasValue(0);

            first.complete(null);
            Eventually.await("the watchdog to hear of it", () -> heard.get() == 1);
            asked.take().complete(null);
            Eventually.await("the watchdog to hear of it again", () -> heard.get() == 2);
        }
    }

    @Test
    void theWatchdogHearsNothingWhileAProgramHasNoWorker() throws Exception {
        AtomicReference<Optional<String>> why = new AtomicReference<>(Optional.of("no worker of shop serves"));
        AtomicInteger heard = new AtomicInteger();
        try (LogLines log = LogLines.withLevels("dev.loomgate.cli");
                ServiceWatchdog watchdog = ServiceWatchdog.start(
                        Duration.ofMillis(40),
                        () -> CompletableFuture.completedFuture(null),
                        why::get,
                        heard::incrementAndGet)) {
            assertThat(watchdog).isNotNull();
            log.await("ERROR no worker of shop serves, and the service manager is not told that the server works"
                    + " (WatchdogSec=)");
            assertThat(heard).hasValue(0);

            why.set(Optional.empty());
            Eventually.await("the watchdog to hear of it", () -> heard.get() > 0);
        }
    }
}
