package dev.loomgate.python.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.loop.Loop;
import dev.loomgate.loop.LoopGroup;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.PythonStartException;
import dev.loomgate.python.SharedOptions;
import dev.loomgate.python.uwsgi.UwsgiCalls;
import dev.loomgate.testkit.peers.Python;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Supervision by itself: real processes of two roles, none of which is asked anything.
@Timeout(120)
@Tag("timing")
class FleetTest {
    @TempDir
    private Path directory;

    private final LoopGroup loops = LoopGroup.builder().loops(1).start();
    private final Loop loop = loops.next();
    private final IdleRole readers = new IdleRole(loop, "reader", 2);
    private final IdleRole writers = new IdleRole(loop, "writer", 1);

    @AfterEach
    void end() throws InterruptedException {
        loops.close();
    }

    private Fleet fleet(String source) throws Exception {
        Files.writeString(directory.resolve("written.py"), source);
        PythonOptions options = PythonOptions.module("written")
                .interpreter(Python.DEBIAN)
                .pythonPath(List.of(directory))
                .environment(Map.of("TMPDIR", directory.toString(), "PYTHONDONTWRITEBYTECODE", "1"))
                .build();
        return new Fleet(
                new HomeLoop(loop),
                options,
                List.of(readers, writers),
                UwsgiCalls.open(SharedOptions.none(), false),
                null,
                null);
    }

    // Runs it on the loop side, and waits for what it promises.
    private void done(Supplier<CompletableFuture<Void>> work) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.side().execute(() -> work.get().whenComplete((nothing, failure) -> {
            if (failure == null) {
                done.complete(null);
            } else {
                done.completeExceptionally(failure.getCause());
            }
        }));
        done.get(60, TimeUnit.SECONDS);
    }

    @Test
    void eachRolesProcessesServeAreReplacedAndEnd() throws Exception {
        Fleet fleet = fleet("application = len");
        done(fleet::start);
        assertThat(List.of(readers.next(), readers.next()))
                .containsExactlyInAnyOrder("reader 1 serves", "reader 2 serves");
        assertThat(writers.next()).isEqualTo("writer 1 serves");

        ProcessHandle.of(writers.serving().get("writer 1").pid()).orElseThrow().destroyForcibly();
        assertThat(writers.next()).isEqualTo("writer 1 was killed by signal 9");
        assertThat(writers.next()).isEqualTo("writer 1 serves");

        WorkerProcess grown = readers.serving().get("reader 2");
        loop.side().execute(() -> grown.replace("it has grown"));
        assertThat(readers.next()).isEqualTo("reader 2 serves");
        assertThat(readers.next()).isEqualTo("reader 2 exited with status 0");
        assertThat(readers.serving().get("reader 2").pid()).isNotEqualTo(grown.pid());

        done(fleet::stop);
        assertThat(writers.next()).startsWith("unavailable: ");
        assertThat(writers.next()).isEqualTo("writer 1 exited with status 0");
    }

    @Test
    void aReloadReplacesTheProcessesOfAllRoles() throws Exception {
        Fleet fleet = fleet("application = len");
        done(fleet::start);
        long before = writers.serving().get("writer 1").pid();
        done(fleet::reload);
        assertThat(writers.next()).isEqualTo("writer 1 serves");
        assertThat(writers.next()).isEqualTo("writer 1 serves");
        assertThat(writers.next()).isEqualTo("writer 1 exited with status 0");
        assertThat(writers.serving().get("writer 1").pid()).isNotEqualTo(before);
        done(fleet::stop);
    }

    @Test
    void everyRoleIsToldThatTheProgramCannotBeLoaded() throws Exception {
        Fleet fleet = fleet("1 / 0");
        assertThatThrownBy(() -> done(fleet::start)).hasCauseInstanceOf(PythonStartException.class);
        assertThat(readers.next()).startsWith("unavailable: ").contains("ZeroDivisionError");
        assertThat(writers.next()).startsWith("unavailable: ").contains("ZeroDivisionError");
        done(fleet::stop);
    }
}
