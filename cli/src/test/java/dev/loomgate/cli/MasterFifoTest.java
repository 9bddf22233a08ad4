package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server that takes commands by named pipes.
@Timeout(120)
class MasterFifoTest {
    @TempDir
    private Path directory;

    private void write(String fifo, String letters) throws IOException {
        Files.writeString(directory.resolve(fifo), letters, StandardOpenOption.WRITE);
    }

    @Test
    void lettersAreCommands() throws Exception {
        Files.writeString(directory.resolve("program.py"), """
                def application(environ, start_response):
                    start_response("200 OK", [])
                    return [b"hello"]
                """);
        try (LoomgateProcess loomgate = LoomgateProcess.start(
                directory,
                "--python",
                Python.DEBIAN,
                "--http",
                "127.0.0.1:0",
                "--processes",
                "2",
                "-w",
                "program",
                "--master-fifo",
                "first",
                "--master-fifo",
                "second",
                "--pidfile",
                "pid")) {
            Eventually.await("the pipes", () -> Files.exists(directory.resolve("second")));
            write("first", "s\n");
            loomgate.await(Pattern.compile("(?s)2 workers, 0 requests:\\s+worker 1 \\(pid \\d+\\): idle, 0 requests"));
            write("first", "-");
            loomgate.await(Pattern.compile("1 workers, 2 before"));
            write("first", "+");
            loomgate.await(Pattern.compile("2 workers, 1 before"));
            write("first", "c");
            loomgate.await(Pattern.compile("worker . .* is replaced: c in the master FIFO"));
            write("first", "r");
            loomgate.await(Pattern.compile("is reloaded: generation 2"));
            Files.writeString(directory.resolve("pid"), "");
            write("first", "P");
            Eventually.await(
                    "the process id again",
                    () -> Files.readString(directory.resolve("pid")).strip().equals(Long.toString(loomgate.pid())));
            write("first", "p");
            loomgate.await(Pattern.compile("p in the master FIFO: new connections wait"));
            write("first", "pBl");
            loomgate.await(Pattern.compile("p in the master FIFO: connections are served again"));
            loomgate.await(Pattern.compile("B does nothing here: there is no emperor"));
            loomgate.await(Pattern.compile("l in the master FIFO: there is no log file"));
            write("first", "9");
            loomgate.await(Pattern.compile("there is no pipe 9, the last one is 1"));
            write("first", "1");
            loomgate.await(Pattern.compile("active master fifo is now .*second"));
            write("second", "Q");
            assertThat(loomgate.status()).isZero();
            assertThat(loomgate.err()).contains("stopping on Q in the master FIFO, at once");
            assertThat(directory.resolve("first")).doesNotExist();
            assertThat(directory.resolve("second")).doesNotExist();
        }
    }

    @Test
    void onePipeThatHasBecomeAFileIsReadNoMore() throws Exception {
        try (LoomgateProcess loomgate = LoomgateProcess.launch(
                directory, "demo", "--http", "127.0.0.1:0", "--master-fifo", "first", "--master-fifo", "second")) {
            Eventually.await("the pipes", () -> Files.exists(directory.resolve("second")));
            Files.delete(directory.resolve("second"));
            Files.createFile(directory.resolve("second"));
            write("first", "1");
            loomgate.await(Pattern.compile("second: no more commands are read: there is a file that is no named pipe"));
        }
    }

    @Test
    void whatIsNoPipeIsLeftAsItIs() throws Exception {
        Path file = Files.writeString(directory.resolve("notes"), "mine");
        try (LoomgateProcess loomgate =
                LoomgateProcess.launch(directory, "demo", "--http", "127.0.0.1:0", "--master-fifo", "notes")) {
            assertThat(loomgate.status()).isEqualTo(1);
            assertThat(loomgate.err()).contains("--master-fifo " + file + ": there is a file that is no named pipe");
        }
        assertThat(file).hasContent("mine");
    }
}
