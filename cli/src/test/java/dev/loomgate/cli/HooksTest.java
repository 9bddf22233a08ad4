package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is run at points of the start: when, as whom, and where. As root.
@Timeout(300)
class HooksTest {
    private static final Pattern SERVES = Pattern.compile("engine [a-z]+, transport");

    @TempDir
    private static Path shared;

    @TempDir
    private Path directory;

    private static Installation installation;

    @BeforeAll
    static void install() throws IOException {
        installation = Installation.in(shared);
    }

    @BeforeEach
    void writeTheProgram() throws IOException {
        Installation.openTo(directory);
        Path site = Files.createDirectory(directory.resolve("site"));
        Installation.openTo(site);
        Installation.openTo(Files.writeString(site.resolve("small.py"), """
                import os
                os.write(2, b"imported\\n")
                def application(environ, start_response):
                    start_response("200 OK", [])
                    return [b""]
                """));
    }

    private LoomgateProcess start(String... more) throws IOException {
        List<String> args = new ArrayList<>(
                List.of("-w", "small", "--chdir", "site", "--python", Python.DEBIAN, "--http", "127.0.0.1:0"));
        args.addAll(Arrays.asList(more));
        return LoomgateProcess.launch(installation, List.of(), directory, args.toArray(String[]::new));
    }

    @Test
    void eachRunsAtItsPointAsItsUserInItsDirectory() throws Exception {
        String who = "echo %s $(id -u) $(basename $(pwd))";
        try (LoomgateProcess server = start(
                "--uid",
                "www-data",
                "--logto",
                "log",
                "--exec-asap",
                who.formatted("asap"),
                "--exec-as-root",
                who.formatted("root"),
                "--exec-as-user",
                who.formatted("user"),
                "--exec-pre-app",
                who.formatted("pre"),
                "--hook-pre-app",
                "exec:" + who.formatted("hook"),
                "--exec-post-app",
                who.formatted("post"),
                "--hook-as-root",
                "writen:" + directory.resolve("state") + " up and up",
                "--hook-asap",
                "safeexec:false",
                "--hook-asap",
                "mkdir:made",
                "--hook-master-start",
                "unix_signal:15 gracefully_kill_them_all",
                "--exec-as-user-atexit",
                who.formatted("exit"))) {
            Path log = directory.resolve("log");
            dev.loomgate.testkit.Eventually.await(
                    "the server to serve",
                    () -> Files.exists(log) && Files.readString(log).contains("post 33"));
            server.signal("TERM");

            assertThat(server.status()).isZero();
            assertThat(Files.readString(log).lines().filter(line -> line.matches("[a-z]+ \\d+ .*|.*imported")))
                    .extracting(line -> line.replaceFirst(".* imported", "imported"))
                    .containsExactly(
                            "asap 0 " + directory.getFileName(),
                            "root 0 " + directory.getFileName(),
                            "user 33 " + directory.getFileName(),
                            "hook 33 site",
                            "pre 33 site",
                            "imported",
                            "post 33 site",
                            "exit 33 site");
            assertThat(directory.resolve("state")).hasContent("up and up\n");
            assertThat(directory.resolve("made")).isDirectory();
        }
    }

    @ParameterizedTest
    @CsvSource({"--exec-asap", "--exec-as-root", "--exec-as-user", "--exec-pre-app", "--exec-post-app"})
    void oneThatFailsEndsTheStart(String option) throws Exception {
        try (LoomgateProcess server = start("--uid", "www-data", "--pidfile", "pid", option, "exit 7")) {
            assertThat(server.status()).isEqualTo(1);
            assertThat(server.err()).contains("loomgate: " + option + ": 'exit 7' has ended with status 7");
            assertThat(server.err().contains("imported")).isEqualTo(option.equals("--exec-post-app"));
        }
    }

    @Test
    void anActionThatIsNotOfferedIsAUsageError() throws Exception {
        try (LoomgateProcess server = start("--hook-asap", "putenv:A=1")) {
            assertThat(server.status()).isEqualTo(2);
            assertThat(server.err()).contains("loomgate: --hook-asap: 'putenv:A=1' is not offered: exec, safeexec,");
        }
    }

    @Test
    void whoIsNotRootHasNoHooksOfRoot() throws Exception {
        Files.setPosixFilePermissions(directory, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
        try (LoomgateProcess server = LoomgateProcess.launch(
                installation,
                List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"),
                directory,
                "-w",
                "small",
                "--chdir",
                "site",
                "--python",
                Python.DEBIAN,
                "--http",
                "127.0.0.1:0",
                "--exec-as-root",
                "exit 7")) {
            server.await(SERVES);
        }
    }
}
