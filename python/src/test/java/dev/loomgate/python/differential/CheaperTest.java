package dev.loomgate.python.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.python.CheaperOptions;
import dev.loomgate.python.PythonApplication;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.Servers;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.Processes;
import dev.loomgate.testkit.client.UwsgiPacket;
import dev.loomgate.testkit.peers.Python;
import dev.loomgate.testkit.peers.PythonProgram;
import dev.loomgate.testkit.peers.Uwsgi;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The same steps of load to uWSGI's `spare` and to ours: in the end of each step there are as many workers.
@Tag("once")
@Timeout(240)
@Tag("timing")
class CheaperTest {
    private static final String PROGRAM = """
            import os, time

            def application(environ, start_response):
                while not os.path.exists(os.environ["GATES"] + environ["PATH_INFO"]):
                    time.sleep(0.01)
                start_response("200 OK", [])
                return [b"let through"]
            """;

    /// Requests that are held, and the workers that there are then: one more, if there may be. At first there are as
    /// many as have been started; when requests end, workers do, until one is free.
    private static final int[][] STEPS = {{0, 1}, {1, 2}, {3, 4}, {4, 4}, {2, 3}, {0, 1}, {2, 3}, {0, 1}};

    private static final int MOST = 4;

    @TempDir
    private Path directory;

    private final Deque<SocketChannel> held = new ArrayDeque<>();
    private int requests;

    @Test
    void oursHasAsManyWorkers() throws Exception {
        Files.writeString(directory.resolve("gated.py"), PROGRAM);
        PythonApplication program = PythonApplication.of(PythonOptions.module("gated")
                .interpreter(Python.DEBIAN)
                .pythonPath(List.of(directory))
                .environment(Map.of("GATES", directory.toString(), "TMPDIR", directory.toString()))
                .processes(MOST)
                .cheaper(CheaperOptions.builder().least(1).overload(1).build())
                .build());
        ListenAddress address = ListenAddress.uwsgi(directory.resolve("s").toString());
        try (Server server = Servers.start(program, List.of(address), options -> {})) {
            follow(server.addresses().getFirst().socketAddress(), () -> grandchildren("loomgate_worker"));
        }
    }

    @Test
    void uwsgiHasAsManyWorkers() throws Exception {
        Files.writeString(directory.resolve("gated.py"), PROGRAM);
        PythonProgram program = PythonProgram.of(directory, "gated").with("GATES", directory.toString());
        try (Uwsgi server = Uwsgi.unix(
                directory,
                program,
                "--plugin",
                "python3",
                "--master",
                "--processes",
                "" + MOST,
                "--cheaper",
                "1",
                "--cheaper-overload",
                "1")) {
            follow(server.address(), () -> grandchildren("gated"));
        }
    }

    private static int grandchildren(String ofCommand) {
        return (int) ProcessHandle.current()
                .children()
                .filter(child -> Processes.commandLine(child.pid()).contains(ofCommand))
                .flatMap(ProcessHandle::children)
                .count();
    }

    private void follow(SocketAddress server, Callable<Integer> workers) throws Exception {
        for (int[] step : STEPS) {
            while (held.size() < step[0]) {
                hold(server);
            }
            while (held.size() > step[0]) {
                release();
            }
            Eventually.await(
                    () -> "%d workers for %d requests".formatted(step[1], step[0]), () -> workers.call() == step[1]);
        }
    }

    private void hold(SocketAddress server) throws IOException {
        SocketChannel client = SocketChannel.open(server);
        client.write(ByteBuffer.wrap(UwsgiPacket.request("GET", "/" + ++requests)
                .with("HTTP_HOST", "x")
                .bytes()));
        held.addLast(client);
    }

    // The one that was sent first, so that it is one that runs.
    private void release() throws IOException {
        Files.createFile(directory.resolve("" + (requests - held.size() + 1)));
        try (SocketChannel client = held.removeFirst();
                InputStream answer = Channels.newInputStream(client)) {
            assertThat(new String(answer.readAllBytes(), StandardCharsets.ISO_8859_1))
                    .contains("let through");
        }
    }
}
