package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Commands by the clock, from one ini file: here and under the real uWSGI.
@Timeout(120)
class CronTest {
    private static final String INI = """
            [uwsgi]
            master = true
            http-socket = 127.0.0.1:0
            static-map = /=site
            cron-harakiri = 1
            cron = -1 -1 -1 -1 -1 cat > one; echo cron in $(basename $PWD) >> one
            unique-cron = -1 -1 -1 -1 -1 echo unique-cron; echo $$ > shell; exec sleep 600
            cron2 = minute=-1,week=-1,harakiri=60 echo cron2 >> three; exit 4
            cron2 = hour=-25,minute=1 echo never >> never
            cron = 0 0 1 1 -1 test $(date +%m%d%H%M) = 01010000 || echo never >> never
            """;

    @TempDir
    private Path directory;

    private String written(String name) throws IOException {
        Path file = directory.resolve(name);
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private void write() throws IOException {
        Files.createDirectory(directory.resolve("site"));
        Files.writeString(directory.resolve("jobs.ini"), INI);
    }

    private void assertThatTheyHaveRun() throws Exception {
        Eventually.await(
                "the jobs",
                () -> written("three").equals("cron2\n")
                        && written("one").endsWith("\n")
                        && !written("shell").isEmpty());
        assertThat(written("one")).isEqualTo("cron in " + directory.getFileName() + "\n");
        assertThat(written("never")).isEmpty();
        Eventually.await("the end of the one that takes too long", () -> ProcessHandle.of(
                        Long.parseLong(written("shell").strip()))
                .filter(ProcessHandle::isAlive)
                .isEmpty());
    }

    @Test
    void commandsAreRunHere() throws Exception {
        write();
        try (LoomgateProcess server = LoomgateProcess.start(directory, "jobs.ini")) {
            assertThatTheyHaveRun();
            Eventually.await("the line of the kill", () -> server.err()
                    .contains(") is killed: it has run for 1 s (--cron-harakiri)"));
            assertThat(server.err()).contains("has ended with status 4 after 0 s");
            assertThat(server.out()).isEqualTo("unique-cron\n");
            assertThat(server.signal("TERM").status()).isZero();
        }
    }

    @Test
    void commandsAreRunThere() throws Exception {
        write();
        Process uwsgi = new ProcessBuilder("/usr/bin/uwsgi", "--ini", "jobs.ini", "--die-on-term")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("uwsgi.txt").toFile())
                .start();
        uwsgi.getOutputStream().close();
        try {
            assertThatTheyHaveRun();
        } finally {
            uwsgi.descendants().forEach(ProcessHandle::destroyForcibly);
            uwsgi.destroyForcibly().waitFor();
        }
    }
}
