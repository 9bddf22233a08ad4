package dev.loomgate.cli.loggers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDestinationTest {
    private static final int MAX_BYTES = 10;

    @TempDir
    private Path directory;

    private static void write(FileDestination file, String text) throws IOException {
        file.write(text.getBytes(StandardCharsets.UTF_8));
        file.flush();
    }

    @Test
    void oneThatSomebodyHasRemovedBeginsAgainWithTheNextRotation() throws Exception {
        Path path = directory.resolve("log");
        FileDestination file = new FileDestination(path, MAX_BYTES, Duration.ZERO, null);
        write(file, "short\n");
        Files.delete(path);
        write(file, "past the limit\n");
        write(file, "next\n");
        assertThat(path).hasContent("next\n");
    }

    @Test
    void withoutItsDirectoryTheOldOneGoesOnUntilThatIsThereAgain() throws Exception {
        Path path = Files.createDirectory(directory.resolve("logs")).resolve("log");
        FileDestination file = new FileDestination(path, MAX_BYTES, Duration.ZERO, null);
        Files.delete(path);
        Files.delete(path.getParent());
        assertThatThrownBy(() -> write(file, "past the limit\n")).isInstanceOf(IOException.class);
        Files.createDirectory(path.getParent());
        write(file, "again\n");
        write(file, "next\n");
        assertThat(path).hasContent("next\n");
    }
}
