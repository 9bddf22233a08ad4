package dev.loomgate.cli.cron;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Commands that are run by the clock. What is due each minute is run at once.
@Timeout(120)
class CronJobsTest {
    private static final String ALWAYS = "-1 -1 -1 -1 -1 ";

    @TempDir
    private Path directory;

    private String written(String name) throws Exception {
        Path file = directory.resolve(name);
        return Files.exists(file) ? Files.readString(file) : "";
    }

    @Test
    void aCommandIsRunByTheShellInItsDirectory() throws Exception {
        List<CronJob> jobs = List.of(
                CronJob.of(ALWAYS + "pwd > where; mv where here; exit 3", false),
                CronJob.withKeys("month=-13 echo never > never"));
        try (LogLines log = LogLines.of("dev.loomgate.cli");
                CronJobs running = CronJobs.of(CronSettings.own(jobs, Duration.ZERO, directory))
                        .start()) {
            assertThat(running).isNotNull();
            assertThat(log.await("has ended with status 3 after"))
                    .startsWith("cron: 'pwd > where; mv where here; exit 3' (pid ");
            assertThat(written("here")).isEqualTo(directory.toRealPath() + "\n");
            assertThat(written("never")).isEmpty();
            Eventually.await("its failure", () -> running.figures().getFirst().failures() > 0);
            Instant before = Instant.now();
            CronFigures first = running.figures().getFirst();
            assertThat(first.runs()).isPositive();
            assertThat(first.schedule()).isEqualTo("-1 -1 -1 -1 -1");
            assertThat(first.next()).isBetween(before, before.plusSeconds(61));
            assertThat(running.figures().getLast()).isEqualTo(new CronFigures(2, "-1 -1 -1 -13 -1", 0, 0, 0, 0, null));
        }
    }

    @Test
    void aCommandThatRunsForTooLongIsKilledWithWhatItHasStarted() throws Exception {
        List<CronJob> jobs = List.of(
                CronJob.of(ALWAYS + "sleep 600 & echo $! > child; mv child one; wait", false),
                CronJob.withKeys("harakiri=0 echo $$ > shell; mv shell two; exec sleep 600"));
        try (LogLines log = LogLines.of("dev.loomgate.cli");
                CronJobs running = CronJobs.of(CronSettings.own(jobs, Duration.ofMillis(300), directory))
                        .start()) {
            assertThat(running).isNotNull();
            Eventually.await(
                    "both", () -> !written("one").isEmpty() && !written("two").isEmpty());
            log.await("is killed: it has run for 0 s (--cron-harakiri)");
            long child = Long.parseLong(written("one").strip());
            Eventually.await("the end of the child", () -> !isAlive(child));
        }
        // One without a limit goes on when the server ends.
        ProcessHandle left =
                ProcessHandle.of(Long.parseLong(written("two").strip())).orElseThrow();
        assertThat(left.isAlive()).isTrue();
        left.destroyForcibly();
        left.onExit().get();
    }

    // One whose parent is gone is a zombie until somebody reaps it.
    private static boolean isAlive(long pid) throws Exception {
        Path stat = Path.of("/proc/" + pid + "/stat");
        return Files.exists(stat) && !Files.readString(stat).contains(") Z ");
    }

    @Test
    void aCommandThatIsUniqueIsNotStartedWhileItRuns() throws Exception {
        List<CronJob> jobs = List.of(CronJob.of(ALWAYS + "echo x >> runs; exec sleep 600", true));
        try (LogLines log = LogLines.of("dev.loomgate.cli")) {
            try (CronJobs running = CronJobs.of(CronSettings.own(jobs, Duration.ZERO, directory))
                    .start()) {
                log.await("runs (pid ");
                running.look(Instant.now().plusSeconds(60));
                running.look(Instant.now().plusSeconds(120));
                assertThat(log.with("runs (pid ")).hasSize(1);
            }
            String left = log.await("still runs, and goes on without the server");
            ProcessHandle process = ProcessHandle.of(Long.parseLong(left.replaceFirst(".*\\(pid (\\d+)\\).*", "$1")))
                    .orElseThrow();
            process.destroyForcibly();
            process.onExit().get();
        }
    }
}
