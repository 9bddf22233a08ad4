package dev.loomgate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BodyWriterTest {
    private final List<String> written = new ArrayList<>();
    private final BodyWriter writer =
            bytes -> written.add(StandardCharsets.UTF_8.decode(bytes).toString());

    @Test
    void bytesTextAndBuffersArriveAlike() throws IOException {
        writer.write("caf\u00e9".getBytes(StandardCharsets.UTF_8));
        writer.write("caf\u00e9");
        writer.write(ByteBuffer.wrap("a caf\u00e9".getBytes(StandardCharsets.UTF_8), 2, 5));

        assertThat(written).containsExactly("caf\u00e9", "caf\u00e9", "caf\u00e9");
    }

    @Test
    void theStreamPassesEachWriteOnAndSurvivesItsClosing() throws IOException {
        OutputStream stream = writer.asOutputStream();

        stream.write("abc".getBytes(StandardCharsets.US_ASCII), 1, 2);
        stream.write('d');
        stream.close();
        stream.write("e".getBytes(StandardCharsets.US_ASCII));

        assertThat(written).containsExactly("bc", "d", "e");
    }

    @Test
    void theStreamRefusesARangeOutsideItsArray() throws IOException {
        try (OutputStream stream = writer.asOutputStream()) {
            assertThatThrownBy(() -> stream.write(new byte[2], 1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThat(written).isEmpty();
    }
}
