package dev.loomgate.toolkit.spooler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A task and its bytes; and the times between attempts.
class TaskTest {
    private static final byte[] BODY = "the body".getBytes(StandardCharsets.UTF_8);

    @Test
    void itsBytesAreThoseOfASpoolersFile() {
        Task task = Task.of("to", "ann").withBody("hi".getBytes(StandardCharsets.UTF_8));

        // What spoolfile.pack({b"to": b"ann"}) + b"hi" is.
        assertThat(HexFormat.of().formatHex(task.packed()))
                .isEqualTo("11090000" + "0200" + "746f" + "0300" + "616e6e" + "6869");
    }

    @Test
    void whatIsPackedIsUnpackedTheSame() {
        byte[] binary = {0, (byte) 0xff, '\n'};
        Task task =
                Task.of("name", "Jürgen").with("args", binary).with("empty", "").withBody(BODY);

        Task again = Task.unpack(task.packed());

        assertThat(again.keys()).containsExactlyInAnyOrder("name", "args", "empty");
        assertThat(again.text("name")).contains("Jürgen");
        assertThat(again.bytes("args").orElseThrow()).isEqualTo(binary);
        assertThat(again.text("empty")).contains("");
        assertThat(again.text("other")).isEmpty();
        assertThat(again.body()).isEqualTo(BODY);
        assertThat(again.priority()).isEqualTo(Task.LAST);
        assertThat(again.at()).isEmpty();
    }

    @Test
    void whatWasReadKeepsItsBytesUntilItIsChanged() {
        byte[] odd = Task.of("nxme", "value").packed();
        odd[7] = (byte) 0xff; // a key that is no UTF-8, as Python programs may have it

        Task read = Task.unpack(odd);

        assertThat(read.withPriority(3).packed()).isEqualTo(odd);
        assertThat(read.with("more", "x").packed()).isNotEqualTo(odd);
    }

    @Test
    void whatIsCutOffIsNoTask() {
        byte[] packed = Task.of("name", "value").packed();

        for (int length = 0; length < packed.length; length++) {
            byte[] cut = Arrays.copyOf(packed, length);
            assertThatThrownBy(() -> Task.unpack(cut)).isInstanceOf(IllegalArgumentException.class);
        }
        packed[4]++; // the first length
        assertThatThrownBy(() -> Task.unpack(packed)).hasMessage("Task: these bytes are no task");
    }

    @Test
    void limitsAreNamed() {
        String most = "x".repeat(0xffff - 5);
        assertThat(Task.unpack(Task.of("k", most).packed()).text("k")).contains(most);

        assertThatThrownBy(() -> Task.of("k", most + "x")).hasMessageContaining("65536 bytes, over 65535");
        assertThatThrownBy(() -> Task.of("k", "").withPriority(10))
                .hasMessageContaining("priority is 10, not in 0 to 9");
        assertThatThrownBy(() -> Task.of("body", "")).hasMessageContaining("withBody");
        assertThatThrownBy(() -> SpoolerSettings.DEFAULT.withPrefetch(3))
                .hasMessage("SpoolerSettings: prefetch is 3, not in 4 to 10000");
    }

    @Test
    void timesBetweenAttemptsDoubleUpToTheLongest() {
        SpoolerSettings settings = SpoolerSettings.DEFAULT.withBackoff(Duration.ofSeconds(2), Duration.ofSeconds(7));

        assertThat(IntStream.of(1, 2, 3, 1000)
                        .mapToObj(failures -> settings.backoffAfter(failures).toSeconds()))
                .containsExactly(2L, 4L, 7L, 7L);
    }
}
