package dev.loomgate.toolkit.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.KilledPrograms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who does a run; and three servers with one job, which are killed, as is the database: what each implementation of
/// [RunClaims] has to do. Its module has a test class that extends this one, with a real database.
public abstract class RunClaimsContract {
    protected static final ScheduledRun RUN = new ScheduledRun("report", Instant.parse("2026-11-29T03:00:00Z"));
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int SPEED = 600;

    @TempDir
    private Path place;

    /// Those of one more server.
    protected abstract RunClaims claims();

    /// A program with a `main` that gets [#address], a file and a number, and calls [#work].
    protected abstract Class<?> program();

    /// Where the database is, for the program.
    protected abstract String address();

    /// Kills the database, and starts it again.
    protected abstract void killDatabase() throws Exception;

    /// Has a job of each minute, by a clock that runs faster, and writes the id of each run, and its own as a process,
    /// to a file, until it is killed.
    ///
    /// @param base when that clock was at zero, in milliseconds
    public static void work(RunClaims claims, Path file, long base) throws IOException, InterruptedException {
        Schedule.builder()
                .every("minute", MINUTE, run -> {
                    byte[] line =
                            (run.id() + " " + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
                    Files.write(file, line, StandardOpenOption.APPEND);
                })
                .clock(() -> Instant.ofEpochMilli((System.currentTimeMillis() - base) * SPEED), Duration.ofMillis(10))
                .mostLate(Duration.ofHours(12))
                .claims(claims)
                .start();
        Thread.currentThread().join();
    }

    @Test
    void theFirstOneHasARunAndIsToldSoAgain() {
        RunClaims one = claims();
        RunClaims other = claims();

        assertThat(one.claim(RUN)).isTrue();
        assertThat(other.claim(RUN)).isFalse();
        assertThat(one.claim(RUN)).isTrue();
        assertThat(other.claim(new ScheduledRun("report", RUN.due().plus(MINUTE))))
                .isTrue();
    }

    private static List<Instant> runs(Path file) throws IOException {
        return Files.readString(file)
                .lines()
                .map(line -> Instant.parse(line.substring(line.indexOf('@') + 1, line.indexOf(' '))))
                .sorted()
                .toList();
    }

    /// How many minutes lie between the first run and the last one so far.
    private static int minutes(Path file) throws IOException {
        List<Instant> runs = runs(file);
        return (int) Duration.between(runs.getFirst(), runs.getLast()).toMinutes();
    }

    private static void awaitRunOf(long server, Path file) throws Exception {
        Eventually.await("a server takes part", () -> Files.readString(file).contains(" " + server + "\n"));
    }

    private static int missing(List<Instant> runs, int minutes) {
        Set<Instant> there = new HashSet<>(runs);
        int missing = 0;
        for (int i = 0; i < minutes; i++) {
            missing += there.contains(runs.getFirst().plus(MINUTE.multipliedBy(i))) ? 0 : 1;
        }
        return missing;
    }

    @Test
    void anHourOfMinutesOnThreeServersWithoutAndWithDeaths() throws Exception {
        Path file = Files.createFile(place.resolve("runs.txt"));
        String base = Long.toString(System.currentTimeMillis());
        KilledPrograms programs = new KilledPrograms(place);
        try {
            List<Long> servers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                servers.add(programs.start(program(), address(), file.toString(), base));
            }
            for (long each : servers) {
                awaitRunOf(each, file);
            }
            int hour = minutes(file) + 60;
            Eventually.await("each minute of an hour has its run", () -> missing(runs(file), hour) == 0);
            assertThat(runs(file)).doesNotHaveDuplicates();

            // Each one's successor takes part before the next one dies: there are always two.
            int kills = 3;
            for (int i = 0; i < kills; i++) {
                programs.killOldest();
                awaitRunOf(programs.start(program(), address(), file.toString(), base), file);
            }
            Eventually.await("an hour with deaths is over", () -> minutes(file) >= hour + 60);
            int minutes = minutes(file);
            killDatabase();
            Eventually.await("they go on", () -> minutes(file) >= minutes + 15);

            // One that had no answer asks again, while the others go on.
            Eventually.await("at most one run is lost for each death", () -> missing(runs(file), minutes) <= kills);
            assertThat(runs(file)).doesNotHaveDuplicates();
        } finally {
            programs.end();
        }
    }
}
