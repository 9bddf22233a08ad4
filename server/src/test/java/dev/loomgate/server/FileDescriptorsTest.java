package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.RawClient;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A server that runs out of file descriptors waits for some, and goes on; so does one for texts beside it.
class FileDescriptorsTest {
    private static final int ALLOWED = 400;

    /// The server, in a process with few file descriptors.
    static final class Main {
        private Main() {}

        /// Prints the addresses, then serves until its input ends.
        public static void main(String[] arguments) throws Exception {
            // A class in a directory takes a descriptor while it is loaded; in a jar, as users have them, it doesn't.
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                loadClasses(Path.of(entry));
            }
            System.getLogger("test").log(System.Logger.Level.INFO, "starting {0}", 1);
            try (Server server = Setup.DEFAULT.http(Apps.LINE);
                    TextServer texts = TextServer.bind(new Place.Tcp("127.0.0.1", 0), 0600)) {
                texts.serve(() -> "text".getBytes(StandardCharsets.US_ASCII), false);
                System.out.println(server.addresses().getFirst());
                System.out.println("texts: " + texts.place());
                int end = System.in.read();
                assertThat(end).isNegative();
            }
        }
    }

    private static void loadClasses(Path directory) throws Exception {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                String name = directory.relativize(file).toString().replace('/', '.');
                if (name.startsWith("dev.loomgate.") && !name.endsWith("package-info.class")) {
                    load(name);
                }
            }
        }
    }

    private static void load(String file) throws ClassNotFoundException {
        if (file.endsWith(".class") && !file.contains("Test")) {
            Class.forName(file.substring(0, file.length() - ".class".length()));
        }
    }

    @Test
    @Timeout(120)
    void withoutDescriptorsItWaitsWithoutSpinning() throws Exception {
        Process process = start();
        try (BufferedReader out = process.inputReader()) {
            ListenAddress address = ListenAddress.http(lineWithPort(out));
            String texts = awaitLine(out, "texts: ").replace("texts: ", "");
            List<HttpPeer> peers = new ArrayList<>();
            for (int i = 0; i < ALLOWED + 100; i++) {
                peers.add(HttpPeer.to(address.socketAddress()));
            }
            awaitLine(out, "accepting failed, retrying in 1 s (is the number of open files too low? ulimit -n)");
            RawClient reader = RawClient.connect(ListenAddress.http(texts).socketAddress());
            String failed = texts + ": accepting failed, retrying in 1 s";
            awaitLine(out, failed);
            Duration before = cpu(process);
            long begun = System.nanoTime();
            awaitLine(out, failed);
            awaitLine(out, failed);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(1500));
            assertThat(cpu(process).minus(before)).isLessThan(Duration.ofMillis(1500));

            assertThat(peers.getFirst().get("/first").answer().text()).isEqualTo("GET /first");
            for (HttpPeer peer : peers.subList(0, ALLOWED)) {
                peer.close();
            }
            for (HttpPeer peer : peers.subList(ALLOWED, peers.size())) {
                assertThat(peer.get("/late").answer().text()).isEqualTo("GET /late");
                peer.close();
            }
            assertThat(reader.receiveText()).isEqualTo("text");
            reader.close();
        } finally {
            process.getOutputStream().close();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    private static Process start() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n " + ALLOWED + " && exec \"$0\" \"$@\"",
                        java,
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName())
                .redirectErrorStream(true)
                .start();
    }

    private static String lineWithPort(BufferedReader out) throws IOException {
        return awaitLine(out, "127.0.0.1:");
    }

    private static String awaitLine(BufferedReader out, String part) throws IOException {
        StringBuilder seen = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.contains(part)) {
                return line;
            }
            seen.append(line).append('\n');
        }
        throw new IOException("the process ended without '" + part + "': " + seen);
    }

    private static Duration cpu(Process process) {
        return process.info().totalCpuDuration().orElseThrow();
    }
}
