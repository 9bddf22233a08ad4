package dev.loomgate.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesTest {
    private static final long SELF = ProcessHandle.current().pid();

    @Test
    void anOpenFileIsSeenUntilItIsClosed(@TempDir Path directory) throws IOException {
        Path file = Files.createFile(directory.resolve("seen"));
        try (InputStream _ = Files.newInputStream(file)) {
            assertThat(Processes.openFiles(file.toString())).containsExactly(file.toString());
            assertThat(Processes.descriptors()).isPositive();
        }
        assertThat(Processes.openFiles(file.toString())).isEmpty();
    }

    @Test
    void aProcessIsThereUntilASignalEndsIt() throws Exception {
        Process sleep = new ProcessBuilder("sleep", "60").start();
        assertThat(Processes.exists(sleep.pid())).isTrue();
        assertThat(Processes.commandLine(sleep.pid())).contains("60");

        Processes.signal(sleep.pid(), "TERM");

        assertThat(sleep.waitFor()).isEqualTo(128 + 15);
        assertThat(Processes.exists(sleep.pid())).isFalse();
        assertThat(Processes.openFiles(sleep.pid())).isEmpty();
        assertThat(Processes.residentKib(sleep.pid())).isZero();
    }

    @Test
    void anUnknownSignalIsAnError() {
        assertThatThrownBy(() -> Processes.signal(SELF, "NOSUCH")).isInstanceOf(IOException.class);
    }

    @Test
    void memoryIsThatOfTheProcess() {
        assertThat(Processes.residentKib(SELF)).isGreaterThan(10_000);
        assertThat(Processes.proportionalKib(SELF)).isBetween(1L, Processes.residentKib(SELF) * 2);
    }
}
