package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.Processes;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Signals that HotSpot would have otherwise: SIGQUIT, SIGTSTP, and those that a process was started to ignore. And
/// what the first process of a container has to do.
@Timeout(180)
class ProcessSignalsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration MOMENT = Duration.ofMillis(150);
    private static final Pattern SERVES = Pattern.compile("engine [a-z]+, transport");

    private static final String PROGRAM = """
            import os, subprocess, time
            def application(environ, start_response):
                path = environ["PATH_INFO"]
                if path == "/long":
                    open("inside", "w").close()
                    time.sleep(600)
                if path == "/orphan":
                    subprocess.check_call("while [ ! -e go ]; do sleep 0.02; done &", shell=True)
                start_response("200 OK", [("Content-Type", "text/plain")])
                return [b"answered"]
            """;

    @TempDir
    private Path directory;

    private Path socket;

    @BeforeEach
    void write() throws IOException {
        socket = directory.resolve("s.sock");
        Files.writeString(directory.resolve("shop.py"), PROGRAM);
        Files.writeString(directory.resolve("shop.ini"), """
                [uwsgi]
                master = true
                module = shop
                socket = %s
                safe-pidfile = pid
                """.formatted(socket));
    }

    private LoomgateProcess start() throws Exception {
        return LoomgateProcess.start(directory, "shop.ini", "--python", Python.DEBIAN);
    }

    private RawClient send(String path) throws IOException {
        return RawClient.connect(UnixDomainSocketAddress.of(socket), LIMIT)
                .send(UwsgiPacket.request("GET", path).bytes());
    }

    private void assertAnswered() throws IOException {
        try (RawClient client = send("/")) {
            assertThat(client.receiveText()).endsWith("\r\n\r\nanswered");
        }
    }

    private Process uwsgi() throws Exception {
        Process uwsgi = new ProcessBuilder("/usr/bin/uwsgi", "--plugin", "python3", "--ini", "shop.ini")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("uwsgi.txt").toFile())
                .start();
        Eventually.await("uWSGI to serve", () -> Files.exists(directory.resolve("pid")));
        return uwsgi;
    }

    @Test
    void sigquitStopsAtOnceAndLeavesNothing() throws Exception {
        try (LoomgateProcess server = start();
                RawClient inside = send("/long")) {
            Eventually.await("the request to begin", () -> Files.exists(directory.resolve("inside")));

            server.signal("QUIT");

            assertThat(server.status()).isZero();
            assertThat(server.err()).contains("stopping on SIGQUIT, at once").doesNotContain("Full thread dump");
            assertThat(server.out()).doesNotContain("Full thread dump");
            assertThat(socket).doesNotExist();
            assertThat(directory.resolve("pid")).doesNotExist();
            assertThat(inside.receiveText()).doesNotContain("answered");
        }
    }

    @Test
    void sigquitStopsUwsgiWithTheSameStatus() throws Exception {
        Process uwsgi = uwsgi();
        try {
            // Its master forgets a signal that comes while it forks its workers, or remembers it and forgets the
            // worker.
            assertAnswered();
            Eventually.await("uWSGI's end", () -> {
                Processes.signal(uwsgi.pid(), "QUIT");
                return uwsgi.waitFor(500, TimeUnit.MILLISECONDS);
            });
            assertThat(uwsgi.exitValue()).isZero();
        } finally {
            uwsgi.destroyForcibly();
        }
    }

    @Test
    void toolsOfTheJdkStillGetIn() throws Exception {
        try (LoomgateProcess server = start()) {
            Process jcmd = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(server.pid()),
                            "VM.version")
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("jcmd.txt").toFile())
                    .start();
            assertThat(jcmd.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(directory.resolve("jcmd.txt"))).contains("JDK 25");
            assertAnswered();

            assertThat(server.signal("QUIT").status()).isZero();
        }
    }

    @Test
    void sigtstpHasConnectionsWaitAndSigtermSaysHowItDiffersFromUwsgi() throws Exception {
        Pattern suspended = Pattern.compile("SIGTSTP: new connections wait");
        Pattern resumed = Pattern.compile("SIGTSTP: connections are served again");
        try (LoomgateProcess server = start()) {
            server.await(SERVES);
            server.signal("TSTP").await(suspended);
            try (RawClient waiting = sendUntilOneWaits()) {
                assertThat(waiting.arrives(MOMENT)).isFalse();

                try (LoomgateProcess resume = LoomgateProcess.launch(directory, "--resume", "pid")) {
                    assertThat(resume.status()).isZero();
                }
                server.await(resumed);
                assertThat(waiting.receiveText()).endsWith("answered");
            }
            assertThat(server.signal("TERM").status()).isZero();
            assertThat(server.err())
                    .contains(
                            "stopping on SIGTERM, within 30 s (--stop-timeout); uWSGI would reload, since die-on-term");
        }
    }

    @Test
    void sigtstpHasConnectionsOfUwsgiWait() throws Exception {
        Process uwsgi = uwsgi();
        try {
            assertAnswered();
            Processes.signal(uwsgi.pid(), "TSTP");
            Eventually.await("uWSGI to pause", () -> Files.readString(directory.resolve("uwsgi.txt"))
                    .contains("PAUSE"));
            try (RawClient waiting = sendUntilOneWaits()) {
                Processes.signal(uwsgi.pid(), "TSTP");
                assertThat(waiting.receiveText()).endsWith("answered");
            }
        } finally {
            uwsgi.destroyForcibly().waitFor();
        }
    }

    // A master writes its line before its workers pause, uWSGI's and ours.
    private RawClient sendUntilOneWaits() throws Exception {
        while (true) {
            RawClient client = send("/");
            if (!client.arrives(MOMENT)) {
                return client;
            }
            client.close();
        }
    }

    @Test
    void sighupReloadsUnderNohup() throws Exception {
        try (LoomgateProcess server = LoomgateProcess.startByShell(
                directory,
                Map.of(),
                "trap '' HUP TERM; exec \"$@\" --python " + Python.DEBIAN + " --http 127.0.0.1:0 -w shop")) {
            server.signal("HUP").await(Pattern.compile("shop is reloaded"));
            assertThat(server.signal("TERM").status()).isZero();
        }
    }

    /// In a process namespace of its own, with no environment: what a container gives.
    @Test
    void theFirstProcessReapsOrphansAndStopsBySigterm() throws Exception {
        try (LoomgateProcess container = LoomgateProcess.launchByShell(
                directory,
                Map.of(),
                "exec unshare --pid --fork --kill-child --mount-proc env -i \"$@\" shop.ini --python "
                        + Python.DEBIAN)) {
            container.await(SERVES);
            long first = ProcessHandle.of(container.pid())
                    .orElseThrow()
                    .children()
                    .findFirst()
                    .orElseThrow()
                    .pid();
            long before = children(first);
            try (RawClient client = send("/orphan")) {
                assertThat(client.receiveText()).endsWith("answered");
            }
            Eventually.await("the orphan to be adopted", () -> children(first) > before);

            Files.createFile(directory.resolve("go"));

            Eventually.await("the orphan to be reaped", () -> children(first) == before);
            Processes.signal(first, "TERM");
            assertThat(container.status()).isZero();
        }
    }

    private static long children(long pid) {
        return ProcessHandle.of(pid).orElseThrow().children().count();
    }
}
