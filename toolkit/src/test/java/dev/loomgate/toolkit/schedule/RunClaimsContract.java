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

    /// Has a job of each minute, by a clock that runs faster, and writes the id of each run to a file, until it is
    /// killed.
    ///
    /// @param base when that clock was at zero, in milliseconds
    public static void work(RunClaims claims, Path file, long base) throws IOException, InterruptedException {
        Schedule.builder()
                .every("minute", MINUTE, run -> {
                    byte[] line = (run.id() + "\n").getBytes(StandardCharsets.US_ASCII);
                    Files.write(file, line, StandardOpenOption.APPEND);
                })
                .clock(() -> Instant.ofEpochMilli((System.currentTimeMillis() - base) * SPEED), Duration.ofMillis(10))
                .mostLate(Duration.ofHours(12))
                .claims(claims)
                .start();
        Files.writeString(started(file), "one\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
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

    private static Path started(Path file) {
        return file.resolveSibling("started.txt");
    }

    // Or all that were there would be killed before the first one in their place has begun.
    private static void awaitStarted(Path file, int count) throws Exception {
        Eventually.await(
                count + " programs",
                () -> Files.exists(started(file))
                        && Files.readAllLines(started(file)).size() >= count);
    }

    private static List<Instant> runs(Path file) throws IOException {
        return Files.readString(file)
                .lines()
                .map(line -> Instant.parse(line.substring(line.indexOf('@') + 1)))
                .sorted()
                .toList();
    }

    private static void awaitMinutes(Path file, int count) throws Exception {
        Eventually.await(count + " runs", () -> runs(file).size() >= count);
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
            for (int i = 0; i < 3; i++) {
                programs.start(program(), address(), file.toString(), base);
            }
            awaitStarted(file, 3);
            awaitMinutes(file, 1);
            Eventually.await("each minute of an hour has its run", () -> missing(runs(file), 60) == 0);
            assertThat(runs(file)).doesNotHaveDuplicates();

            int kills = 0;
            for (int minutes = 75; minutes <= 105; minutes += 15) {
                awaitMinutes(file, minutes);
                programs.killOldest();
                kills++;
                programs.start(program(), address(), file.toString(), base);
                awaitStarted(file, 3 + kills);
            }
            int before = runs(file).size();
            killDatabase();
            awaitMinutes(file, before + 15);

            // One that had no answer asks again, while the others go on.
            int lost = kills;
            Eventually.await("at most one run is lost for each death", () -> missing(runs(file), before) <= lost);
            assertThat(runs(file)).doesNotHaveDuplicates();
        } finally {
            programs.end();
        }
    }
}
