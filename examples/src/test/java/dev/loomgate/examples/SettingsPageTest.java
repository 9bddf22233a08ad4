package dev.loomgate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.PagePrograms;
import dev.loomgate.testkit.Processes;
import dev.loomgate.testkit.client.HttpPeer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What docs/settings.md says is so: its program serves by its settings, and says what is wrong with them.
@Tag("once")
@Timeout(120)
class SettingsPageTest {
    private static final Pattern LISTENING = Pattern.compile("listening on http://\\S*:([0-9]+),");
    private static final Pattern SAID = Pattern.compile("```text\n(.*?)```", Pattern.DOTALL);
    private static final String FILE = "/etc/shop.properties";

    @TempDir
    private Path directory;

    private PagePrograms programs;
    private Path file;
    private Process process;

    @BeforeEach
    void compile() throws IOException {
        file = directory.resolve("shop.properties");
        programs = PagePrograms.of(Path.of("..", "docs/settings.md")).with(FILE, file.toString());
        try (URLClassLoader _ = programs.compile("Shop", directory)) {
            // It is run in a process of its own.
        }
    }

    @AfterEach
    void end() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    private Path output() {
        return directory.resolve("output");
    }

    private void start(Map<String, String> environment, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                directory + File.pathSeparator + System.getProperty("java.class.path"),
                "Shop"));
        command.addAll(List.of(args));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output().toFile());
        builder.environment().putAll(environment);
        process = builder.start();
    }

    private Optional<Integer> listening() throws IOException {
        return LISTENING
                .matcher(Files.readString(output()))
                .results()
                .findFirst()
                .map(found -> Integer.valueOf(found.group(1)));
    }

    @Test
    void theProgramServesByItsSettings() throws Exception {
        Files.writeString(file, "teas = Assam, Darjeeling\nmax-orders = 10\n");
        Path token = Files.writeString(directory.resolve("token"), "tea-at-five\n");

        start(Map.of("SHOP_TOKEN_FILE", token.toString()), "--max-orders", "20", "--http", "127.0.0.1:0");

        Eventually.await("it listens", () -> listening().isPresent());
        try (HttpPeer peer = HttpPeer.to(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), listening().orElseThrow()))) {
            assertThat(peer.get("/").answer().text()).isEqualTo("Assam, Darjeeling");
            assertThat(peer.get("/limit").answer().status()).isEqualTo(401);
            assertThat(peer.send("GET /limit HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer tea-at-five\r\n\r\n")
                            .answer()
                            .text())
                    .isEqualTo("20 orders");
        }
        Processes.signal(process.pid(), "TERM");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(output()).content().doesNotContain("tea-at-five");
    }

    @Test
    void whatIsWrongIsSaidAsThePageSays() throws Exception {
        MatchResult said = SAID.matcher(programs.page()).results().findFirst().orElseThrow();

        start(Map.of(), "--max-orders", "many");

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(output()).content().isEqualTo(said.group(1).replace(FILE, file.toString()));
    }
}
