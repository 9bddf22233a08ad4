package dev.loomgate.toolkit.spooler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.KilledPrograms;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Processes that run tasks are killed, and the database as well: no task is lost, and few are run twice.
///
/// Its module has a test class that extends this one, and a program that calls [#work]. With
/// `-Dloomgate.test.tasks=10000` there are so many tasks, and more deaths.
@Timeout(900)
public abstract class QueueKillContract {
    private static final int TASKS = Integer.getInteger("loomgate.test.tasks", 1200);
    private static final int BETWEEN_DEATHS = 200;
    private static final int SPREAD = 50;
    private static final int DEATHS_TO_ONE_OF_THE_DATABASE = 4;
    private static final int PREFETCH = 8;
    private static final Duration LEASE = Duration.ofSeconds(2);
    /// What a task takes. Long beside taking the next ones, so that a killed program has tasks.
    private static final Duration WORK = Duration.ofMillis(5);
    private static final Duration LIMIT = Duration.ofSeconds(Math.max(60, TASKS / 20));

    @TempDir
    private Path directory;

    /// By a connection of its own.
    protected abstract TaskQueue queue();

    /// The program that takes tasks of that queue, with a `main` that gets [#address] and a file for [#work].
    protected abstract Class<?> program();

    /// Where the database is, for the program.
    protected abstract String address();

    /// Kills the database, and starts it again.
    protected abstract void killDatabase() throws Exception;

    /// Takes tasks and writes the number of each to a file before it says that it is done, until it is killed.
    public static void work(TaskQueue queue, Path file) throws InterruptedException {
        Spooler.start(
                queue,
                SpoolerSettings.DEFAULT
                        .withWorkers(PREFETCH / 2)
                        .withPrefetch(PREFETCH)
                        .withLease(LEASE),
                run -> {
                    String line = run.task().text("number").orElseThrow() + "\n";
                    Thread.sleep(WORK);
                    Files.write(file, line.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.APPEND);
                    return SpoolResult.OK;
                });
        Thread.currentThread().join();
    }

    private void fill() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            int spoolers = 8;
            for (int i = 0; i < spoolers; i++) {
                int first = i;
                all.add(threads.submit(() -> {
                    for (int number = first; number < TASKS; number += spoolers) {
                        queue().spool(Task.of("number", Integer.toString(number))
                                .withPriority(number % 3));
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
    }

    private static List<String> numbers(Path file) throws IOException {
        return Files.readString(file).lines().toList();
    }

    private static void awaitRuns(Path file, int count) throws Exception {
        Eventually.await(LIMIT, () -> count + " runs", () -> numbers(file).size() >= count);
    }

    @Test
    void noneIsLostAndFewAreRunTwice() throws Exception {
        Path file = Files.createFile(directory.resolve("numbers.txt"));
        KilledPrograms programs = new KilledPrograms(directory);
        Random random = new Random(TASKS);
        try {
            fill();
            programs.start(program(), address(), file.toString());
            programs.start(program(), address(), file.toString());
            int kills = 0;
            int databases = 0;
            for (int runs = BETWEEN_DEATHS; runs < TASKS * 3 / 4; runs += BETWEEN_DEATHS) {
                awaitRuns(file, runs - random.nextInt(SPREAD));
                kills++;
                if (kills % DEATHS_TO_ONE_OF_THE_DATABASE == 0) {
                    databases++;
                    killDatabase();
                } else {
                    programs.killOldest();
                    programs.start(program(), address(), file.toString());
                }
            }
            Eventually.await(LIMIT, () -> "all are done: " + countsOrNone(), this::isEmpty);

            List<String> numbers = numbers(file);
            Set<String> different = new HashSet<>(numbers);
            System.Logger log = System.getLogger(QueueKillContract.class.getName());
            log.log(
                    System.Logger.Level.INFO,
                    "{0}: {1} tasks, {2} deaths, {3} of these the database''s; {4} lost, {5} run twice",
                    getClass().getSimpleName(),
                    Integer.toString(TASKS),
                    kills,
                    databases,
                    TASKS - different.size(),
                    numbers.size() - different.size());
            assertThat(different).hasSize(TASKS);
            assertThat(numbers.size() - TASKS).isBetween(0, kills * PREFETCH);
            // They were killed at work.
            TaskCounts counts = queue().counts();
            assertThat(counts.lost()).isPositive();
            assertThat(counts.dead()).isZero();
            assertThat(counts.later()).isZero();
            assertThat(databases).isPositive();
        } finally {
            programs.end();
        }
    }

    private String countsOrNone() {
        try {
            return queue().counts().toString();
        } catch (RuntimeException e) {
            return e.toString();
        }
    }

    private boolean isEmpty() {
        try {
            TaskCounts counts = queue().counts();
            return counts.waiting() == 0 && counts.taken() == 0;
        } catch (ServiceUnavailable e) {
            return false;
        }
    }
}
