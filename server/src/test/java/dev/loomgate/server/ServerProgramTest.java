package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.Processes;
import dev.loomgate.testkit.client.HttpPeer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `Server.run` as a process of its own.
@Timeout(120)
class ServerProgramTest {
    private static final Pattern LISTENING = Pattern.compile("listening on http://\\S*:([0-9]+), engine \\w+");

    @TempDir
    private Path directory;

    private final List<Process> started = new ArrayList<>();

    /// What is run.
    static final class Hello {
        private Hello() {}

        public static void main(String[] args) {
            Application application = (environ, startResponse) -> {
                if (environ.path().equals("/slow")) {
                    System.out.println("it runs");
                    Thread.sleep(Duration.ofMinutes(10));
                }
                startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
                return Body.text("hello");
            };
            Server.run(application, args);
        }
    }

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
    }

    private Path output() {
        return directory.resolve("output");
    }

    private Process start(Map<String, String> environment, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Hello.class.getName()));
        command.addAll(List.of(args));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output().toFile());
        builder.environment().remove("PORT");
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private String said() throws IOException {
        return Files.readString(output());
    }

    private HttpPeer connected() throws Exception {
        Eventually.await("it listens", () -> LISTENING.matcher(said()).find());
        Matcher found = LISTENING.matcher(said());
        assertThat(found.find()).isTrue();
        return HttpPeer.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(found.group(1))));
    }

    private static int status(Process process) throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @ParameterizedTest
    @CsvSource({"TERM", "INT"})
    void aSignalStopsItWithStatus0(String signal) throws Exception {
        Process process = start(Map.of("PORT", "1"), "--http", "127.0.0.1:0");
        try (HttpPeer peer = connected()) {
            assertThat(peer.get("/").answer().text()).isEqualTo("hello");
        }

        Processes.signal(process.pid(), signal);

        assertThat(status(process)).isZero();
        assertThat(said()).contains("INFO listening on http://127.0.0.1:", "INFO stopping on SIG" + signal);
    }

    @Test
    void theEnvironmentSaysThePort() throws Exception {
        start(Map.of("PORT", "0"));
        try (HttpPeer peer = connected()) {
            assertThat(peer.get("/").answer().text()).isEqualTo("hello");
        }
    }

    @Test
    void aSecondSignalEndsItAtOnce() throws Exception {
        Process process = start(Map.of(), "--http=127.0.0.1:0");
        try (HttpPeer peer = connected()) {
            peer.get("/slow");
            Eventually.await("the request runs", () -> said().contains("it runs"));
            Processes.signal(process.pid(), "TERM");
            Eventually.await("it stops", () -> said().contains("stopping on SIGTERM"));

            Eventually.await("it has ended", () -> {
                process.destroy();
                return !process.isAlive();
            });
        }
        assertThat(status(process)).isEqualTo(128 + 15);
    }

    @Test
    void whatKeepsItFromItsStartIsToldInOneLine() throws Exception {
        Process process = start(Map.of(), "--http", "192.0.2.1:1");

        assertThat(status(process)).isEqualTo(ServerProgram.CANNOT_START);
        assertThat(said().lines().filter(line -> line.contains("192.0.2.1")))
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith("can't listen on 192.0.2.1:1"));
        assertThat(said()).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            -p 80        |      | argument "-p": only --http ADDRESS is known, as in --http 127.0.0.1:8000 or --http :8000
            --password=a |      | argument "--password": only --http ADDRESS is known, as in --http 127.0.0.1:8000 or --http :8000
            --http       |      | argument "--http": only --http ADDRESS is known, as in --http 127.0.0.1:8000 or --http :8000
            --http=x:y   |      | address "x:y": the port after the colon is a number from 0 to 65535
                         | http | environment variable PORT is "http", it must be a port, 0 to 65535
                         | 65536| environment variable PORT is "65536", it must be a port, 0 to 65535
            """)
    void wrongArgumentsAreToldInOneLine(String args, String port, String message) {
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        Application none = (_, _) -> Body.empty();
        ServerProgram program =
                new ServerProgram(Server.builder(none), new PrintStream(errors, true, StandardCharsets.UTF_8));

        int status = program.run(
                port == null ? Map.of() : Map.of("PORT", port), args == null ? new String[0] : args.split(" "));

        assertThat(status).isEqualTo(ServerProgram.WRONG_USAGE);
        assertThat(errors.toString(StandardCharsets.UTF_8)).isEqualTo(message + System.lineSeparator());
    }
}
