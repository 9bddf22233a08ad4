package dev.loomgate.python.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class FramesTest {
    private final ByteBuf out = Unpooled.buffer();

    @Test
    void acceptSaysWhetherAndHowMany() {
        Frames.accept(out, true, 1000);
        Frames.accept(out, false, 0);
        assertThat(ByteBufUtil.hexDump(out))
                .isEqualTo("04000000" + "0b010000" + "00000000" + "e8030000" + "04000000" + "0b000000" + "00000000"
                        + "00000000");
    }

    @Test
    void handOverSaysTheAge() {
        Frames.handOver(out, 0x0102030405060708L);
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo("08000000" + "0c000000" + "00000000" + "0807060504030201");
    }
}
