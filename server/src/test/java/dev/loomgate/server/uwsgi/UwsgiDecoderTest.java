package dev.loomgate.server.uwsgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.server.cgi.CgiMessage;
import dev.loomgate.server.cgi.CgiMessage.Incomplete;
import dev.loomgate.server.cgi.CgiMessage.Ping;
import dev.loomgate.server.cgi.CgiRequest;
import dev.loomgate.server.cgi.CgiVariables;
import dev.loomgate.server.cgi.Refused;
import dev.loomgate.testkit.client.UwsgiPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every packet of the fixtures, in every segmentation that can make a difference, gives the same message.
final class UwsgiDecoderTest {
    // Past this, a packet is split around its beginning and its end only.
    private static final int MAX_SPLITS = 2000;

    static List<PacketFixture> fixtures() throws IOException {
        return PacketFixture.all();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void packetThatComesWhole(PacketFixture fixture) {
        check(fixture, Unpooled.wrappedBuffer(fixture.bytes()));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void packetInADirectBuffer(PacketFixture fixture) {
        ByteBuf direct = Unpooled.directBuffer().writeBytes(fixture.bytes());
        try {
            check(fixture, direct);
        } finally {
            direct.release();
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void packetThatComesByteByByte(PacketFixture fixture) {
        byte[] bytes = fixture.bytes();
        ByteBuf[] pieces = new ByteBuf[bytes.length];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = Unpooled.wrappedBuffer(bytes, i, 1);
        }
        check(fixture, pieces);
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void packetThatComesInTwoPieces(PacketFixture fixture) {
        byte[] bytes = fixture.bytes();
        int length = bytes.length;
        for (int split = 0; split <= length; split++) {
            if (split < MAX_SPLITS / 2 || split > length - MAX_SPLITS / 2) {
                check(
                        fixture,
                        Unpooled.wrappedBuffer(bytes, 0, split),
                        Unpooled.wrappedBuffer(bytes, split, length - split));
            }
        }
    }

    @Test
    void packetsInManyPiecesOfGrowingSize() {
        UwsgiPacket packet = UwsgiPacket.request("GET", "/").with("HTTP_X_LONG", "x".repeat(60_000));
        byte[] bytes = packet.bytes();
        UwsgiDecoder decoder = new UwsgiDecoder(PacketFixture.ANY_BODY);
        CgiMessage message = Incomplete.INCOMPLETE;
        int at = 0;
        for (int size = 1; at < bytes.length; size += 37) {
            assertThat(message).isEqualTo(Incomplete.INCOMPLETE);
            int end = Math.min(bytes.length, at + size);
            message = decoder.decode(Unpooled.wrappedBuffer(bytes, at, end - at));
            at = end;
        }
        assertThat(message)
                .isInstanceOfSatisfying(UwsgiRequest.class, request -> assertThat(request.text("HTTP_X_LONG"))
                        .isEqualTo("x".repeat(60_000)));
    }

    @Test
    void decoderIsUsedUpAfterOnePacket() {
        byte[] two = concatenated(
                UwsgiPacket.request("GET", "/").bytes(),
                UwsgiPacket.request("DELETE", "/").bytes());
        ByteBuf in = Unpooled.wrappedBuffer(two);
        UwsgiDecoder decoder = new UwsgiDecoder(PacketFixture.ANY_BODY);
        assertThat(decoder.decode(in)).isInstanceOf(UwsgiRequest.class);
        assertThat(in.readableBytes())
                .isEqualTo(UwsgiPacket.request("DELETE", "/").bytes().length);
        assertThatThrownBy(() -> decoder.decode(in)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(decoder::end).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void connectionThatEndsWithoutAByteIsNoError() {
        assertThat(new UwsgiDecoder(PacketFixture.ANY_BODY).end()).isEqualTo(Incomplete.INCOMPLETE);
    }

    @Test
    void headerOfABigPacketReservesLittleMemory() {
        // A slow client that claims 64 KB and sends nothing must not cost 64 KB: a thousand of those fit in one.
        UwsgiDecoder[] decoders = new UwsgiDecoder[20_000];
        for (int i = 0; i < decoders.length; i++) {
            decoders[i] = new UwsgiDecoder(PacketFixture.ANY_BODY);
            decoders[i].decode(Unpooled.wrappedBuffer(new byte[] {0, (byte) 255, (byte) 255, 0, 14}));
        }
        // 20,000 times 65,535 bytes would be 1.3 GB, more than this JVM has.
        assertThat(decoders[0].progress()).isEqualTo("1 of 65535 bytes of the request variables");
    }

    private static void check(PacketFixture fixture, ByteBuf... pieces) {
        UwsgiDecoder decoder = new UwsgiDecoder(fixture.limits());
        CgiMessage message = Incomplete.INCOMPLETE;
        int left = 0;
        for (ByteBuf piece : pieces) {
            if (message == Incomplete.INCOMPLETE) {
                message = decoder.decode(piece);
                assertThat(message == Incomplete.INCOMPLETE ? piece.readableBytes() : 0)
                        .as("bytes left while incomplete")
                        .isZero();
            }
            left += piece.readableBytes();
        }
        assertThat(describe(message)).isEqualTo(fixture.expected());
        switch (message) {
            case CgiRequest request -> {
                assertThat(left).isEqualTo(fixture.bytesLeft());
                checkVariables(fixture, request);
            }
            case Refused refused ->
                assertThat(refused.refusal().logLine(UnaryOperator.identity())).isEqualTo(fixture.log());
            case Ping ping -> assertThat(left).isEqualTo(fixture.bytesLeft());
            case Incomplete incomplete ->
                assertThat(decoder.end()).isInstanceOfSatisfying(Refused.class, refused -> {
                    assertThat(refused.refusal().status()).isEqualTo(400);
                    assertThat(refused.refusal().logLine(UnaryOperator.identity()))
                            .isEqualTo(fixture.log());
                });
        }
    }

    private static void checkVariables(PacketFixture fixture, CgiRequest request) {
        CgiVariables variables = new CgiVariables(request);
        fixture.variables()
                .forEach((key, value) -> assertThat(variables.get(key)).as(key).isEqualTo(value));
        fixture.absent().forEach(key -> assertThat(variables.get(key)).as(key).isNull());
    }

    private static String describe(CgiMessage message) {
        return switch (message) {
            case CgiRequest request -> "request";
            case Refused refused -> "refusal " + refused.refusal().status();
            case Ping ping -> "ping";
            case Incomplete incomplete -> "incomplete";
        };
    }

    private static byte[] concatenated(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
