package dev.loomgate.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Limits;
import dev.loomgate.server.http.ChunkedReader.Progress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkedReaderTest {
    private static final Limits LIMITS =
            Limits.builder().maxHeaderBytes(1024).maxHeaderCount(10).build();

    private final StringBuilder content = new StringBuilder();

    static List<Fixture> refused() throws IOException {
        // The length of the whole is the connection's business.
        return Fixture.refusedChunks().stream().filter(f -> f.status() != 413).toList();
    }

    private Progress read(ChunkedReader reader, List<ByteBuf> parts) {
        content.setLength(0);
        Progress progress = Progress.INCOMPLETE;
        for (ByteBuf part : parts) {
            progress = reader.read(
                    part, (in, length) -> content.append(in.readCharSequence(length, StandardCharsets.ISO_8859_1)));
            if (progress != Progress.INCOMPLETE) {
                break;
            }
        }
        return progress;
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesHoweverTheBytesCome(Fixture fixture) {
        Segments.ways(fixture.bytes()).forEach(parts -> {
            ChunkedReader reader = new ChunkedReader(LIMITS);
            assertThat(read(reader, parts))
                    .as("%s in %d parts", fixture, parts.size())
                    .isEqualTo(Progress.REFUSED);
            assertThat(reader.refusal().status()).isEqualTo(fixture.status());
            assertThat(reader.refusal().logLine(UnaryOperator.identity())).contains(fixture.log());
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
                "b;name=value;other=\"quoted; text\"\r\nhello world\r\n000;x\r\n\r\n",
                "b ;name=value\r\nhello world\r\n0\r\n\r\n",
                "5\t; name = value ;other\t=\t\"quoted\"\r\nhello\r\n6 \t ;x\r\n world\r\n0 ; last\r\n\r\n",
                "B\r\nhello world\r\n0\r\nX-Checksum: 1\r\nY:\r\n\r\n",
            })
    void readsABodyHoweverItsBytesCome(String wire) {
        Segments.ways(wire.getBytes(StandardCharsets.ISO_8859_1)).forEach(parts -> {
            assertThat(read(new ChunkedReader(LIMITS), parts)).isEqualTo(Progress.COMPLETE);
            assertThat(content).hasToString("hello world");
        });
    }

    @Test
    void leavesWhatFollowsTheBodyInTheBuffer() {
        ByteBuf in = Unpooled.copiedBuffer("1\r\na\r\n0\r\n\r\nGET /", StandardCharsets.ISO_8859_1);
        assertThat(read(new ChunkedReader(LIMITS), List.of(in))).isEqualTo(Progress.COMPLETE);
        assertThat(in.toString(StandardCharsets.ISO_8859_1)).isEqualTo("GET /");
    }
}
