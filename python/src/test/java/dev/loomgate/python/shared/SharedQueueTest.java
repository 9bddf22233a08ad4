package dev.loomgate.python.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.python.SharedOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What it gives is compared with uWSGI in `UwsgiModuleAsThereTest`.
class SharedQueueTest {
    @TempDir
    private Path directory;

    @Test
    void aFileKeepsWhatWasPushed() throws Exception {
        Path file = directory.resolve("queue");
        SharedQueue queue = new SharedQueue(new SharedOptions.Queue(4, 1024, file));
        queue.push(new byte[] {1});
        queue.push(new byte[] {2});
        assertThat(Files.size(file)).isEqualTo(16 + 4 * 1024);

        SharedQueue again = new SharedQueue(new SharedOptions.Queue(4, 1024, file));
        assertThat(again.pushSlot()).isEqualTo(2);
        assertThat(again.pull()).containsExactly(1);
        assertThat(again.pull()).containsExactly(2);
        assertThat(again.pull()).isNull();
    }

    @Test
    void aFileOfAnotherSizeIsRefused() throws Exception {
        Path file = directory.resolve("queue");
        Files.write(file, new byte[100]);
        assertThatThrownBy(() -> new SharedQueue(new SharedOptions.Queue(4, 1024, file)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("100 bytes")
                .hasMessageContaining("of that size as before");
    }

    @Test
    void aFileThatHoldsSomethingElseIsRefused() throws Exception {
        Path file = directory.resolve("queue");
        Files.write(file, "x".repeat(16 + 4 * 1024).getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> new SharedQueue(new SharedOptions.Queue(4, 1024, file)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holds no queue");
    }

    @Test
    void sizesAreChecked() {
        assertThatThrownBy(() -> new SharedOptions.Queue(3, 1024, null)).hasMessageContaining("a multiple of 4096");
        assertThatThrownBy(() -> new SharedOptions.Queue(0, 1024, null)).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> new SharedOptions.Queue(1 << 20, 4096, null)).hasMessageContaining("1g together");
    }
}
