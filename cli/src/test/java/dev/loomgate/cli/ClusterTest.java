package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.Processes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `examples/cluster/run`: three nodes behind a load balancer, each in a network namespace of its own. Run as root.
@Timeout(360)
class ClusterTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @TempDir
    private Path directory;

    private LoomgateProcess launch(String arguments) throws Exception {
        return LoomgateProcess.launchByShell(
                directory,
                Map.of(),
                "exec %s --short %s -- \"$@\""
                        .formatted(Path.of("..", "examples", "cluster", "run").toRealPath(), arguments));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nginx", "haproxy"})
    void aRollingRestartFailsNoRequestAndAKillOnlyWhatIsInside(String balancer) throws Exception {
        try (LoomgateProcess cluster = launch(balancer)) {
            Eventually.await(LIMIT, () -> "the end", () -> !cluster.isAlive());

            assertThat(cluster.status()).as(cluster.err()).isZero();
            assertThat(cluster.out())
                    .containsPattern(
                            "== restarts.*(\\n.* is sent requests again after .*){3}\\n +[1-9]\\d* requests, 0 failed;")
                    .containsPattern("POST, .*: [1-9]\\d* requests, \\d+ failed, 0 of these not inside")
                    .endsWith("== done\n");
        }
    }

    @Test
    void whatItHasStartedEndsWithItHoweverItEnds() throws Exception {
        try (LoomgateProcess cluster = launch("nginx")) {
            Eventually.await(LIMIT, () -> "it restarts", () -> cluster.out().contains("== restarts"));
            List<Long> started = ProcessHandle.of(cluster.pid())
                    .orElseThrow()
                    .descendants()
                    .map(ProcessHandle::pid)
                    .toList();
            assertThat(started).hasSizeGreaterThan(5);

            cluster.signal("KILL");

            Eventually.await("all have ended", () -> started.stream().noneMatch(Processes::exists));
        }
    }
}
