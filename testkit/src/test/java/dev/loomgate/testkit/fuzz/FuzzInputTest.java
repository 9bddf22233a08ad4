package dev.loomgate.testkit.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class FuzzInputTest {
    @Test
    void piecesAreAllBytesInOrderWhateverTheCut() {
        for (int cut = 0; cut < 256; cut++) {
            byte[] input = new byte[300];
            input[0] = (byte) cut;
            for (int i = 2; i < input.length; i++) {
                input[i] = (byte) i;
            }
            List<Byte> bytes = new ArrayList<>();
            for (byte[] piece : new FuzzInput(input).pieces()) {
                assertThat(piece).isNotEmpty();
                for (byte each : piece) {
                    bytes.add(each);
                }
            }
            assertThat(bytes).hasSize(298);
            assertThat(new FuzzInput(input).bytes()).containsExactly(bytes.toArray(Byte[]::new));
        }
    }

    @Test
    void cutZeroIsByteByByteAndOthersAreNot() {
        assertThat(new FuzzInput(new byte[100]).pieces()).hasSize(98);
        byte[] input = new byte[100];
        input[0] = '7';
        assertThat(new FuzzInput(input).pieces()).hasSizeLessThan(10);
    }

    @Test
    void whatIsMissingIsZero() {
        FuzzInput empty = new FuzzInput(new byte[0]);
        assertThat(empty.bytes()).isEmpty();
        assertThat(empty.pieces()).isEmpty();
        assertThat(empty.option(0)).isFalse();
        assertThat(new FuzzInput(new byte[] {0, 2}).option(1)).isTrue();
    }
}
