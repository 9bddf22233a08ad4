package dev.loomgate.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class AcmeOfferTest {
    private static final String PROTOCOL = "0a61636d652d746c732f31"; // with its length

    // Version and random, no session, one cipher, no compression.
    private static boolean isIn(String extensions) {
        String hello = "0303" + "00".repeat(32) + "00" + "00021301" + "0100" + extensions;
        return AcmeOffer.isIn(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hello)));
    }

    @Test
    void offerThatIsAloneIsSeen() {
        assertThat(isIn("0011" + "0010000d" + "000b" + PROTOCOL)).isTrue();
    }

    @Test
    void offerThatIsLongerThanItsExtensionIsNone() {
        assertThat(isIn("0011" + "00100009" + "000b" + PROTOCOL)).isFalse();
    }
}
