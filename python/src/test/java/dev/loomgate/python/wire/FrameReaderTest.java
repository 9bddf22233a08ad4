package dev.loomgate.python.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {
    private final List<String> frames = new ArrayList<>();
    private final FrameReader reader = new FrameReader((type, flags, id, payload) ->
            frames.add("%02x %d %d %s".formatted(type, flags, id, ByteBufUtil.hexDump(payload))));

    private static byte[] stream() {
        ByteBuf out = Unpooled.buffer();
        Frames.empty(out, FrameType.STOP, 0, 0);
        Frames.bytes(out, FrameType.CHUNK, FrameType.LAST, 7, new byte[] {1, 2, 3});
        Frames.number(out, FrameType.CREDIT, -1, 0x01020304);
        Frames.request(out, 9, new byte[] {10, 11, 12}, 2, new byte[] {13}, FrameType.LAST);
        return ByteBufUtil.getBytes(out);
    }

    private static final List<String> EXPECTED =
            List.of("08 0 0 ", "83 1 7 010203", "05 0 -1 04030201", "02 1 9 020000000a0b0d");

    private ByteBuf feed(byte[] bytes, int from, int to) {
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer();
        buffer.writeBytes(bytes, from, to - from);
        reader.read(buffer);
        return buffer;
    }

    @Test
    void bytewiseItSeesTheSameFrames() {
        byte[] stream = stream();
        for (int i = 0; i < stream.length; i++) {
            feed(stream, i, i + 1);
        }
        assertThat(frames).isEqualTo(EXPECTED);
    }

    @Test
    void splitAnywhereItSeesTheSameFrames() {
        byte[] stream = stream();
        for (int cut = 0; cut <= stream.length; cut++) {
            frames.clear();
            ByteBuf first = feed(stream, 0, cut);
            ByteBuf second = feed(stream, cut, stream.length);
            assertThat(frames).as("cut at " + cut).isEqualTo(EXPECTED);
            assertThat(second.refCnt()).isZero();
            reader.close();
            assertThat(first.refCnt()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 11, 4096, 60_000, 1_000_003})
    void aLargestFrameInPartsIsRead(int step) {
        List<Integer> lengths = new ArrayList<>();
        FrameReader large = new FrameReader((type, flags, id, payload) -> lengths.add(payload.readableBytes()));
        // Not watched by the leak detector, which takes a stack trace for each of millions of calls: all that is
        // allocated
        // comes from here, and is counted at the end.
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
        ByteBuf out = allocator.buffer();
        for (int i = 0; i < 2; i++) {
            Frames.bytes(out, FrameType.CHUNK, 0, 1, new byte[FrameType.MAX_PAYLOAD_BYTES]);
            Frames.bytes(out, FrameType.CHUNK, 0, 1, new byte[5]);
        }
        while (out.isReadable()) {
            large.read(out.readRetainedSlice(Math.min(step, out.readableBytes())));
        }
        large.close();
        assertThat(lengths).containsExactly(FrameType.MAX_PAYLOAD_BYTES, 5, FrameType.MAX_PAYLOAD_BYTES, 5);
        assertThat(out.refCnt()).isOne();
        out.release();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {FrameType.MAX_PAYLOAD_BYTES + 1, Integer.MAX_VALUE, -1, 0x50545448})
    void tooLongAFrameIsRefusedBeforeAnyRoomIsMadeForIt(int length) {
        for (int have = 4; have <= 12; have++) {
            ByteBuf bytes = Unpooled.buffer().writeIntLE(length).writeZero(8).writerIndex(have);
            assertThatThrownBy(() -> reader.read(bytes))
                    .isInstanceOf(FrameException.class)
                    .hasMessage("a frame of " + Integer.toUnsignedLong(length)
                            + " bytes, over 1048576: these are not frames");
            assertThat(bytes.refCnt()).isZero();
        }
        assertThat(frames).isEmpty();
    }

    @Test
    void aSinkThatFailsLeavesNoBufferBehind() {
        FrameReader failing = new FrameReader((type, flags, id, payload) -> {
            throw new FrameException("not this one");
        });
        byte[] stream = stream();
        ByteBuf first = Unpooled.copiedBuffer(stream, 0, 5);
        failing.read(first);
        ByteBuf second = Unpooled.copiedBuffer(stream, 5, 20);
        assertThatThrownBy(() -> failing.read(second)).isInstanceOf(FrameException.class);
        assertThat(first.refCnt()).isZero();
        assertThat(second.refCnt()).isZero();
        failing.close();
    }
}
