package dev.loomgate.python.direct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.direct.AnswerDetails;
import dev.loomgate.python.wire.FrameException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectFramesTest {
    private final RecordingSocket first = new RecordingSocket(-1);
    private final RecordingSocket second = new RecordingSocket(-1);
    private final DirectFrames frames = new DirectFrames(List.of(first, second), false);
    private final ByteBuf payload = Unpooled.buffer();

    private void entry(int socket, int status, String packet) {
        payload.writeIntLE(socket).writeShortLE(status).writeLongLE(5).writeLongLE(1_000_000);
        payload.writeIntLE(packet.length()).writeBytes(packet.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    @Test
    void puntedHasTheBytesThatWereRead() {
        DirectFrames.Punted punted = frames.punted(payload.writeIntLE(1).writeBytes(new byte[] {1, 2}));
        assertThat(punted.socket()).isSameAs(second);
        assertThat(punted.read()).containsExactly(1, 2);
    }

    @Test
    void begunHasTheTimeAndThePacket() {
        DirectFrames.Begun begun =
                frames.begun(payload.writeIntLE(0).writeLongLE(1L << 40).writeBytes(new byte[] {1, 2}));
        assertThat(begun.socket()).isSameAs(first);
        assertThat(begun.nanos()).isEqualTo(1L << 40);
        assertThat(begun.packet()).containsExactly(1, 2);
    }

    @Test
    void answersComeManyInAFrame() {
        entry(0, 200, "a");
        entry(1, 404, "");
        entry(0, 500, "bc");
        frames.answered(payload, 3, 4, true);
        assertThat(first.answers()).containsExactly("a: 200, 5 bytes, 1000000 ns", "bc: 500, 5 bytes, 1000000 ns");
        assertThat(second.answers()).containsExactly(": 404, 5 bytes, 1000000 ns");
    }

    @Test
    void answersComeWithDetailsWhereTheyAreAskedFor() {
        payload.writeIntLE(0).writeShortLE(200).writeLongLE(5).writeLongLE(1_000_000);
        payload.writeIntLE(70_000).writeShortLE(65_535).writeIntLE(1).writeByte('a');
        new DirectFrames(List.of(first), true).answered(payload, 3, 4, true);
        assertThat(first.answers())
                .containsExactly("a: 200, 5 bytes, 1000000 ns, " + new AnswerDetails(70_000, 65_535, 3, 4, true));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 2, Integer.MAX_VALUE})
    void aSocketThatIsNotThereIsADefect(int number) {
        assertThatThrownBy(() -> frames.punted(payload.writeIntLE(number)))
                .isInstanceOf(FrameException.class)
                .hasMessage("there is no listening socket " + number);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, -1, Integer.MAX_VALUE})
    void aPacketThatIsNotThereIsADefect(int length) {
        payload.writeIntLE(0).writeShortLE(200).writeLongLE(5).writeLongLE(1);
        payload.writeIntLE(length).writeByte(1);
        assertThatThrownBy(() -> frames.answered(payload, 3, 4, true)).isInstanceOf(FrameException.class);
    }
}
