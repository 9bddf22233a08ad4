package dev.loomgate.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.python.PythonApplication;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.Servers;
import dev.loomgate.python.SharedOptions;
import dev.loomgate.python.SpoolPlace;
import dev.loomgate.python.SpoolerContract;
import dev.loomgate.python.SpoolerOptions;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.peers.Python;
import dev.loomgate.testkit.peers.RedisServer;
import dev.loomgate.toolkit.spooler.SpoolResult;
import dev.loomgate.toolkit.spooler.Spooler;
import dev.loomgate.toolkit.spooler.SpoolerSettings;
import dev.loomgate.toolkit.spooler.Task;
import dev.loomgate.toolkit.spooler.TaskCounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Spoolers of Python programs whose tasks are in a queue in a real Redis, which keeps what it has
/// when it is killed.
@Tag("timing")
class RedisProgramSpoolerTest extends SpoolerContract {
    private static final Duration SOON = Duration.ofMillis(100);

    @TempDir
    private Path place;

    private RedisServer server;
    private Redis redis;

    @BeforeEach
    void startRedis() throws Exception {
        server = RedisServer.startDurable(place);
        redis = Redis.open(RedisSettings.of(server.uri()).withTimeout(Duration.ofSeconds(5)));
    }

    @AfterEach
    void stopRedis() {
        redis.close();
        server.close();
    }

    @Override
    protected SpoolPlace place(String name) {
        return queue(name, 1000, 5);
    }

    private static SpoolPlace.Queue queue(String name, long length, int attempts) {
        return new SpoolPlace.Queue(
                name, length, SpoolPlace.Queue.MOST_BYTES, 100, 0, Duration.ofSeconds(2), attempts, 10, SOON, SOON);
    }

    @Override
    protected void settle(PythonOptions.Builder program) {
        program.shared(new SharedOptions(List.of(), null, List.of(), List.of(), List.of(), null, store()));
    }

    private SharedOptions.Store store() {
        return new SharedOptions.Store(server.uri(), Duration.ofSeconds(2), "loomgate:");
    }

    @Override
    protected long left(SpoolPlace place) {
        TaskCounts counts =
                RedisQueue.of(redis, ((SpoolPlace.Queue) place).name()).counts();
        return counts.waiting() + counts.later() + counts.taken();
    }

    @Override
    protected String shown(SpoolPlace place) {
        return place.toString();
    }

    private RedisQueue tasks() {
        return RedisQueue.of(redis, "tasks");
    }

    @Test
    void twoServersShareTheTasks() throws Exception {
        try (Server first = start(program(options -> {}));
                Server second = start(program(options -> {}))) {
            spool(first, "a", ", b'do': b'wait'");
            spool(first, "b", ", b'do': b'wait'");
            assertThat(names(2)).containsExactlyInAnyOrder("a", "b");
            assertThat(notes(2).stream().map(note -> note.replaceFirst(".* by ", "")))
                    .containsExactlyInAnyOrder(eval(first, "uwsgi.spooler_pid()"), eval(second, "uwsgi.spooler_pid()"));
            open();
            nothingIsLeft();
        }
    }

    @Test
    void anIdIsReturnedAndToldEachTime() throws Exception {
        try (Server site = start(program(options -> options.places(List.of(queue("tasks", 5000, 5)))))) {
            String path = eval(site, "uwsgi.spool(name='later', at=9999999999).decode()");
            assertThat(path).matches("redis:tasks/[0-9a-f-]{36}");
            assertThat(eval(
                            site,
                            "[(task['spooler_task_name'], task[b'name'], uwsgi.spooler_jobs()) for task in"
                                    + " [uwsgi.spooler_get_task('%s')]]".formatted(path)))
                    .isEqualTo("[(b'%s', b'later', [b'%s'])]".formatted(path, path));
            assertThat(eval(site, "[uwsgi.spool(name=str(i), at=9999999999) for i in range(1500)] and 1"))
                    .isEqualTo("1");
            tasks().spool(Task.of("name", "first")
                    .withPriority(0)
                    .withAt(Instant.now().plusSeconds(1000)));
            assertThat(eval(site, "len(set(uwsgi.spooler_jobs()))")).isEqualTo("1502");
        }
    }

    @Test
    void whatIsFetchedIsNotShownAndWhatWaitsIs() throws Exception {
        try (Server site = start(program(options -> options.externalPlaces(List.of(place("others")))))) {
            assertThat(eval(site, "[uwsgi.spool(name=str(i), spooler='redis:others') for i in range(250)] and 1"))
                    .isEqualTo("1");
            RedisQueue others = RedisQueue.of(redis, "others");
            String taken = others.take("somebody", 1).tasks().getFirst().id();
            String last = eval(site, "uwsgi.spool(name='last', spooler='redis:others').decode()");
            assertThat(eval(site, "uwsgi.spooler_get_task('%s')[b'name']".formatted(last)))
                    .isEqualTo("b'last'");
            assertThat(eval(site, "uwsgi.spooler_get_task('redis:others/%s')".formatted(taken)))
                    .isEqualTo("None");
        }
    }

    @Test
    void whatFailsTooOftenIsGivenUpAndCanBeRevived() throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate");
                Server site = start(program(options -> options.places(List.of(queue("tasks", 1000, 3))))
                        .settingNames(name -> name.equals("spoolers") ? "--spooler" : name))) {
            spool(site, "bad", ", b'results': b'raise'");
            assertThat(names(3)).containsExactly("bad", "bad", "bad");
            assertThat(log.await("is given up: "))
                    .endsWith("3 attempts failed (attempts of --spooler): ValueError: no such thing as bad");
            Eventually.await("it is dead", () -> tasks().dead(10).size() == 1);
            assertThat(tasks().dead(10).getFirst().failures()).isEqualTo(2);
            assertThat(left(place("tasks"))).isZero();

            assertThat(tasks().revive(tasks().dead(10).getFirst())).isTrue();
            assertThat(names(6)).hasSize(6);
        }
    }

    @Test
    void aTaskThatKillsItsSpoolerEachTimeIsGivenUp() throws Exception {
        try (Server site = start(program(
                options -> options.places(List.of(queue("tasks", 1000, 2))).taskLimit(Duration.ofMillis(300))))) {
            spool(site, "bad", ", b'do': b'wait'");
            Eventually.await(
                    Duration.ofSeconds(60),
                    () -> "it is dead: " + notes(),
                    () -> tasks().dead(10).size() == 1);
            assertThat(tasks().dead(10).getFirst().why())
                    .isEqualTo("2 attempts failed (attempts of spoolers): its spooler was killed by signal 9");
            assertThat(notes()).hasSize(2);
            open();
            spool(site, "good", "");
            assertThat(names(3)).last().isEqualTo("good");
        }
    }

    @Test
    void whatCannotBeSpooledIsSaid() throws Exception {
        try (Server site = start(program(options -> options.places(List.of(queue("tasks", 2, 3))))
                .settingNames(name -> name.equals("spoolers") ? "--spooler" : name))) {
            assertThat(eval(site, "[said(uwsgi.spool, {'name': 'x', 'at': 9999999999})[:12] for i in range(2)]"))
                    .isEqualTo("[b'redis:tasks/', b'redis:tasks/']");
            assertThat(eval(site, "said(uwsgi.spool, {'name': 'x'})"))
                    .isEqualTo("ValueError: unable to spool job: redis:tasks is full: 2 tasks (length of --spooler)");
            assertThat(eval(site, "said(uwsgi.spool, {'name': 'x', 'priority': 10})"))
                    .isEqualTo("ValueError: unable to spool job: the priority 10 is not in 0 to 9, which the queue"
                            + " redis:tasks has");
            assertThat(eval(site, "said(uwsgi.spool, {'body': b'x' * 1024000})"))
                    .isEqualTo(
                            "ValueError: unable to spool job: a task of redis:tasks takes 1024004 bytes, over 1024000"
                                    + " (size of --spooler)");
        }
    }

    @Test
    void theImportSpoolsToo() throws Exception {
        PythonOptions.Builder program = program(options -> {});
        Files.writeString(directory().resolve("written.py"), PROGRAM + "uwsgi.spool(name='imported')\n");
        try (Server site = start(program)) {
            assertThat(site).isNotNull();
            assertThat(names(1)).containsExactly("imported");
        }
    }

    @Test
    void tasksOfJavaProgramsAreDoneAndTheOtherWayRound() throws Exception {
        CompletableFuture<Task> got = new CompletableFuture<>();
        try (Server site = start(program(options -> options.externalPlaces(List.of(place("java")))));
                Spooler spooler = Spooler.start(RedisQueue.of(redis, "java"), SpoolerSettings.DEFAULT, run -> {
                    got.complete(run.task());
                    return SpoolResult.OK;
                })) {
            assertThat(spooler).isNotNull();
            byte[] body = new byte[3_000_000]; // more than a frame has
            body[2_999_999] = 7;
            tasks().withMaxBytes(4_000_000)
                    .spool(Task.of("name", "java")
                            .with("show", "")
                            .with("bin", "x")
                            .withBody(body));
            assertThat(notes(2).getLast()).startsWith("(True, True, 3000000, b'x', [b'bin', b'name', b'show',");

            eval(site, "uwsgi.spool({'name': 'python', 'spooler': 'redis:java', 'body': bytes([255])})");
            Task task = got.get(30, TimeUnit.SECONDS);
            assertThat(task.text("name")).contains("python");
            assertThat(task.body()).containsExactly(-1);
        }
    }

    @Test
    void whileRedisIsGoneNothingIsSpooledAndSpoolersGoOnLater() throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate");
                Server site = start(program(options -> {}))) {
            spool(site, "running", ", b'do': b'wait'");
            notes(1);
            spool(site, "waiting", "");

            server.kill();
            log.await(" is gone: ");
            assertThat(eval(site, "said(uwsgi.spool, {'name': 'x'})"))
                    .isEqualTo("ValueError: unable to spool job: redis:tasks can't be used: Redis: it is gone");
            assertThat(eval(site, "said(uwsgi.spooler_jobs)"))
                    .isEqualTo("CallError: redis:tasks can't be used: Redis: it is gone");
            open();
            assertThat(notes(2)).last().isEqualTo("running is over"); // which nobody can be told

            server.restart();
            assertThat(names(3)).containsExactly("running", "running is over", "waiting");
            nothingIsLeft();
            spool(site, "again", "");
            assertThat(names(4)).last().isEqualTo("again");
            assertThat(log.with("Redis at ").stream().filter(line -> line.contains("is gone")))
                    .hasSize(2); // ours in this test, and the program's
            assertThat(log.with(" is back after ")).hasSize(2);
        }
    }

    @Test
    void aRedisThatHangsIsWaitedForOnceAndNoLoopWaits() throws Exception {
        PythonApplication site = PythonApplication.of(program(options -> {}).build());
        try (Server at = Servers.start(site, List.of(ListenAddress.http("127.0.0.1:0")), options -> {})) {
            server.signal("STOP");
            try {
                CompletableFuture<String> said = CompletableFuture.supplyAsync(() -> {
                    try {
                        return eval(at, "said(uwsgi.spool, {'name': 'x'})");
                    } catch (Exception e) {
                        return e.toString();
                    }
                });
                // Of the same loop, while that waits.
                site.snapshot().toCompletableFuture().get(10, TimeUnit.SECONDS);
                assertThat(said.get(20, TimeUnit.SECONDS))
                        .startsWith("ValueError: unable to spool job: redis:tasks can't be used: Redis: ");
            } finally {
                server.signal("CONT");
            }
            Eventually.await("it is back", () -> eval(at, "said(uwsgi.spool, {'name': 'x'})")
                    .startsWith("b'redis:"));
            nothingIsLeft();
        }
    }

    @Test
    void aProgramWithoutAWorkingSpoolerLeavesTheTasksToOthers() throws Exception {
        PythonOptions.Builder whole = program(options -> {});
        Path own = Files.createDirectory(directory().resolve("broken"));
        Files.writeString(own.resolve("broken.py"), "raise ValueError('not this one')\n");
        PythonOptions without = PythonOptions.module("broken")
                .interpreter(Python.DEBIAN)
                .pythonPath(List.of(own))
                .needApp(false)
                .shared(new SharedOptions(List.of(), null, List.of(), List.of(), List.of(), null, store()))
                .spooler(
                        SpoolerOptions.builder().places(List.of(place("tasks"))).build())
                .build();
        try (Server first = Servers.start(
                        PythonApplication.of(without), List.of(ListenAddress.http("127.0.0.1:0")), options -> {});
                Server second = start(whole)) {
            assertThat(first).isNotNull();
            for (int i = 0; i < 20; i++) {
                spool(second, Integer.toString(i), "");
            }
            assertThat(names(20)).hasSize(20);
            nothingIsLeft();
        }
    }
}
