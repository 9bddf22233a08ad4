package dev.loomgate.cli;

import static dev.loomgate.cli.PythonConsole.said;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.Processes;
import dev.loomgate.testkit.peers.Python;
import dev.loomgate.testkit.peers.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Three servers, each in a process of its own, whose Python programs share a queue of tasks in a
/// real Redis. They and their spoolers are killed.
@Tag("timing")
@Timeout(300)
class SharedSpoolerTest {
    private static final int TASKS = Integer.getInteger("loomgate.test.python.tasks", 400);
    private static final int MOST_BEGUN = 2; // spoolers of a server, none of which has fetched more than it runs

    /// Notes each task before it is done, with the server's number; Debian's own decorators have the
    /// same functions.
    private static final String PROGRAM = """
            import os, time
            import uwsgi
            from uwsgidecorators import spool, spoolforever, spoolraw

            HERE = os.environ["HERE"]
            NOTES = os.path.abspath("notes")

            def note(text):
                with open(NOTES, "a") as file:
                    file.write("%s %s %d\\n" % (text, HERE, os.getpid()))

            @spool
            def number(task):
                time.sleep(0.02)
                note(task["number"])

            @spoolraw(pass_arguments=True)
            def raw(a, b):
                note("raw-%d" % (a + b))
                return uwsgi.SPOOL_OK

            @spoolforever
            def forever(task):
                note("forever")
            """ + PythonConsole.APPLICATION;

    @TempDir
    private Path directory;

    private RedisServer redis;

    @BeforeEach
    void startRedis() throws Exception {
        Files.writeString(directory.resolve("tasks.py"), PROGRAM);
        redis = RedisServer.startDurable(directory);
    }

    @AfterEach
    void stopRedis() {
        redis.close();
    }

    private LoomgateProcess start(String here) throws Exception {
        return LoomgateProcess.start(
                directory,
                "-w",
                "tasks",
                "--python",
                Python.DEBIAN,
                "--env",
                "HERE=" + here,
                "--http",
                "127.0.0.1:0",
                "--redis",
                redis.uri(),
                "--redis-timeout",
                "5s",
                "--spooler",
                "redis:numbers,lease=2s,backoff=100ms,max_backoff=1s",
                "--spooler",
                "files",
                "--spooler-processes",
                Integer.toString(MOST_BEGUN),
                "--spooler-quiet");
    }

    private List<String> notes() throws Exception {
        Path notes = directory.resolve("notes");
        return Files.exists(notes) ? Files.readAllLines(notes) : List.of();
    }

    private void awaitNotes(int count) throws Exception {
        Eventually.await(Duration.ofMinutes(2), () -> count + " notes, not " + noted(), () -> notes().size() >= count);
    }

    private static String word(String line, int number) {
        return line.split(" ", -1)[number];
    }

    private int noted() {
        try {
            return notes().size();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatOneServerSpoolsAllDoAndDeathsLoseNothing() throws Exception {
        try (LoomgateProcess first = start("one");
                LoomgateProcess second = start("two");
                LoomgateProcess third = start("three")) {
            assertThat(said(first, "len([number(number=str(i)) for i in range(%d)])".formatted(TASKS)))
                    .isEqualTo(Integer.toString(TASKS));
            awaitNotes(TASKS / 8);
            List<ProcessHandle> orphans =
                    ProcessHandle.of(second.pid()).orElseThrow().descendants().toList();
            second.signal("KILL");
            awaitNotes(TASKS / 4);
            for (String pid : said(third, "uwsgi.spooler_pids()[:2]")
                    .replaceAll("[^0-9,]", "")
                    .split(",", -1)) {
                Processes.signal(Long.parseLong(pid), "KILL");
            }
            awaitNotes(TASKS / 2);
            try (LoomgateProcess _ = start("four")) {
                Eventually.await(Duration.ofMinutes(2), () -> "all are done, after " + noted(), () -> said(
                                first, "uwsgi.spooler_jobs()")
                        .equals("[]"));
                Eventually.await("the killed server's processes to end", () -> orphans.stream()
                        .noneMatch(ProcessHandle::isAlive));
            }

            List<String> done = notes().stream().map(line -> word(line, 0)).toList();
            assertThat(new HashSet<>(done))
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, TASKS)
                            .mapToObj(Integer::toString)
                            .toList());
            assertThat(done.size() - TASKS).isBetween(0, 2 * MOST_BEGUN);
            assertThat(notes().stream().map(line -> word(line, 1)).distinct()).contains("one", "two", "three");
        }
    }

    @Test
    void bothKindsOfPlacesAreUsedAndItGoesOnWhenRedisIsBack() throws Exception {
        try (LoomgateProcess first = start("one");
                LoomgateProcess second = start("two")) {
            assertThat(said(first, "uwsgi.spoolers[0], raw(1, b=2).startswith(b'redis:numbers/')"))
                    .isEqualTo("(b'redis:numbers', True)");
            assertThat(said(first, "b'/files/' in raw(2, b=2, spooler=uwsgi.spoolers[1])"))
                    .isEqualTo("True");
            said(second, "forever()");
            Eventually.await("all, and one again and again", () -> {
                List<String> names = notes().stream().map(line -> word(line, 0)).toList();
                return names.containsAll(List.of("raw-3", "raw-4"))
                        && names.stream().filter("forever"::equals).count() > 2;
            });

            redis.kill();
            first.await(Pattern.compile("Redis at 127.0.0.1:[0-9]+ is gone"));
            assertThat(said(first, "number(number='7')"))
                    .isEqualTo("ValueError: unable to spool job: redis:numbers can't be used: Redis: it is gone");
            assertThat(said(first, "b'/files/' in raw(5, b=5, spooler=uwsgi.spoolers[1])"))
                    .isEqualTo("True");
            redis.restart();
            Eventually.await(
                    "it is back", () -> said(first, "number(number='8')").startsWith("b'redis:"));
            Eventually.await(
                    "they go on",
                    () -> notes().stream().anyMatch(line -> line.startsWith("8 "))
                            && notes().stream().anyMatch(line -> line.startsWith("raw-10 ")));
            assertThat(first.wholeErr()).containsOnlyOnce("is gone").containsOnlyOnce("is back");
            assertThat(said(first, "len(uwsgi.spooler_jobs())")).isEqualTo("1"); // the one that is never done
        }
    }
}
