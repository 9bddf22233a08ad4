package dev.loomgate.server.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.WebSocket;
import dev.loomgate.testkit.client.WebSocketPeer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FrameReaderTest {
    private static final int MAX_BYTES = 100_000;

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] frame(int first, String text) {
        return WebSocketPeer.frame(first, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String shown(Received found) {
        return switch (found) {
            case Received.Incomplete _ -> "incomplete";
            case Received.Message(WebSocket.Text text) -> "text " + text.content();
            case Received.Message(WebSocket.Binary binary) -> "binary " + Arrays.hashCode(binary.content());
            case Received.Message(WebSocket.Closed closed) -> throw new AssertionError(closed);
            case Received.Lent lent -> throw new AssertionError(lent);
            case Received.Ping(byte[] payload) -> "ping " + new String(payload, StandardCharsets.UTF_8);
            case Received.Pong _ -> "pong";
            case Received.Close(WebSocket.Closed why) -> "close " + why.code() + " " + why.reason();
            case Received.Violation violation -> "violation " + violation.code();
        };
    }

    private static List<String> read(FrameReader reader, byte[]... pieces) {
        List<String> found = new ArrayList<>();
        for (byte[] piece : pieces) {
            ByteBuf in = Unpooled.wrappedBuffer(piece);
            Received next = reader.read(in);
            while (!(next instanceof Received.Incomplete)) {
                found.add(shown(next));
                if (next instanceof Received.Violation) {
                    reader.release();
                    return found;
                }
                next = reader.read(in);
            }
            assertThat(in.isReadable()).isFalse();
        }
        reader.release();
        return found;
    }

    private static FrameReader reader(@Nullable MessageInflater inflater) {
        return new FrameReader(MAX_BYTES, inflater);
    }

    private static byte[] conversation() {
        byte[] bytes = new byte[70_000];
        new Random(1).nextBytes(bytes);
        return joined(
                frame(WebSocketPeer.TEXT, "hell\u00f6 \ud83d\ude00"),
                frame(0x01, "one "),
                frame(WebSocketPeer.PING, "there?"),
                frame(0x00, "two "),
                frame(WebSocketPeer.PONG, ""),
                frame(0x80, "three"),
                frame(WebSocketPeer.BINARY, ""),
                WebSocketPeer.frame(WebSocketPeer.BINARY, Arrays.copyOf(bytes, 300)),
                WebSocketPeer.frame(WebSocketPeer.BINARY, bytes),
                WebSocketPeer.frame(WebSocketPeer.CLOSE, WebSocketPeer.closePayload(3000, "enough \u03c0")));
    }

    @Test
    void messagesAreReadHoweverTheyAreCut() {
        byte[] all = conversation();
        List<String> whole = read(reader(null), all);
        assertThat(whole)
                .startsWith("text hell\u00f6 \ud83d\ude00", "ping there?", "pong", "text one two three")
                .endsWith("close 3000 enough \u03c0")
                .hasSize(8);
        byte[][] single = new byte[all.length][];
        for (int i = 0; i < all.length; i++) {
            single[i] = new byte[] {all[i]};
        }
        assertThat(read(reader(null), single)).isEqualTo(whole);
        for (int at = 0; at < 500; at++) {
            assertThat(read(reader(null), Arrays.copyOf(all, at), Arrays.copyOfRange(all, at, all.length)))
                    .as("cut at %d", at)
                    .isEqualTo(whole);
        }
    }

    // The frames in hexadecimal, and the code that they are closed with.
    @ParameterizedTest
    @CsvSource({
        "8100, 1002, not masked",
        "c180 00000000, 1002, RSV1 without an extension",
        "a180 00000000, 1002, RSV2",
        "9180 00000000, 1002, RSV3",
        "8380 00000000, 1002, opcode 3",
        "8b80 00000000, 1002, opcode 11",
        "0980 00000000, 1002, a ping in pieces",
        "89fe 007e 00000000, 1002, a ping of 126 bytes",
        "8080 00000000, 1002, a continuation of nothing",
        "0180 00000000 8180 00000000, 1002, text in a text",
        "81fe 007d 00000000, 1002, a length that is too long by form",
        "81ff 000000000000ffff 00000000, 1002, the same with 64 bits",
        "81ff 8000000000000000 00000000, 1002, a negative length",
        "82ff 00000000000186a1 00000000, 1009, 100001 bytes by the header",
        "0281 00000000 00 80ff 00000000000186a0 00000000, 1009, 100001 bytes in two frames",
        "8181 00000000 ff, 1007, no UTF-8",
        "8183 00000000 edad80, 1007, half a surrogate pair",
        "8182 00000000 c080, 1007, a NUL in two bytes",
        "8184 00000000 f4908080, 1007, beyond Unicode",
        "8181 00000000 c3, 1007, ends in a character",
        "0181 00000000 f0 0081 00000000 80, 1007, no UTF-8 over two frames",
        "8881 00000000 03, 1002, half a code",
        "8882 00000000 03ed, 1002, 1005 may not be sent",
        "8882 00000000 03ee, 1002, 1006 may not be sent",
        "8882 00000000 03ff, 1002, 1023",
        "8882 00000000 0000, 1002, 0",
        "8882 00000000 1388, 1002, 5000",
        "8883 00000000 03e8 ff, 1007, a reason that isn't UTF-8"
    })
    void whatBreaksTheProtocolIsClosedWithItsCode(String frames, int code, String why) {
        byte[] bytes = HexFormat.of().parseHex(frames.replace(" ", ""));
        assertThat(read(reader(null), bytes)).as(why).containsExactly("violation " + code);
        byte[][] single = new byte[bytes.length][];
        for (int i = 0; i < bytes.length; i++) {
            single[i] = new byte[] {bytes[i]};
        }
        assertThat(read(reader(null), single)).as(why).containsExactly("violation " + code);
    }

    @Test
    void textThatIsNotIsTakenForThatAtItsFirstWrongByte() {
        // The frame goes on for 100 bytes.
        byte[] begin = HexFormat.of().parseHex("81e400000000" + "cebae1bdb9cf83cebcceb5" + "f4908080");
        assertThat(read(reader(null), Arrays.copyOf(begin, begin.length - 3))).isEmpty();
        assertThat(read(reader(null), Arrays.copyOf(begin, begin.length - 2))).containsExactly("violation 1007");
    }

    @Test
    void noRoomIsTakenForWhatIsOnlyAnnounced() {
        byte[] header = HexFormat.of().parseHex("82ff000000003b9aca0000000000" + "01");
        List<FrameReader> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) { // 100 GB otherwise
            FrameReader one = new FrameReader(1 << 30, null);
            assertThat(shown(one.read(Unpooled.wrappedBuffer(header)))).isEqualTo("incomplete");
            many.add(one);
        }
        assertThat(many).hasSize(100);
    }

    private static byte[] deflated(Deflater deflater, byte[] message) {
        deflater.setInput(message);
        byte[] out = new byte[message.length + 100];
        int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        return Arrays.copyOf(out, length - 4);
    }

    private static Deflater deflater() {
        return new Deflater(9, true);
    }

    @Test
    void compressedMessagesAreInflatedInPiecesToo() {
        byte[] text = "compressed text, ".repeat(2000).getBytes(StandardCharsets.UTF_8);
        try (Deflater deflater = deflater()) {
            byte[] packed = deflated(deflater, text);
            int half = packed.length / 2;
            byte[] frames = joined(
                    WebSocketPeer.frame(0x41, Arrays.copyOf(packed, half)),
                    frame(WebSocketPeer.PING, ""),
                    WebSocketPeer.frame(0x80, Arrays.copyOfRange(packed, half, packed.length)),
                    frame(WebSocketPeer.TEXT, "plain"));
            assertThat(read(reader(new MessageInflater(false)), frames))
                    .containsExactly("ping ", "text " + new String(text, StandardCharsets.UTF_8), "text plain");
        }
    }

    @Test
    void aContextIsKeptWhereThatIsAgreedAndOnlyThere() {
        byte[] noise = new byte[500];
        new Random(3).nextBytes(noise);
        byte[] text = HexFormat.of().formatHex(noise).getBytes(StandardCharsets.US_ASCII);
        try (Deflater deflater = deflater()) {
            byte[] first = WebSocketPeer.frame(0xc1, deflated(deflater, text));
            byte[] second = WebSocketPeer.frame(0xc1, deflated(deflater, text));
            assertThat(second.length).isLessThan(first.length / 2);
            String message = "text " + new String(text, StandardCharsets.US_ASCII);
            assertThat(read(reader(new MessageInflater(true)), first, second)).containsExactly(message, message);
            assertThat(read(reader(new MessageInflater(false)), first, second))
                    .containsExactly(message, "violation 1007");
        }
    }

    // RFC 7692 section 7.2.3.
    @ParameterizedTest
    @CsvSource({
        "c187 00000000 f248cdc9c90700, one block",
        "4183 00000000 f248cd 8084 00000000 c9c90700, two frames",
        "c18b 00000000 000500faff48656c6c6f00, not compressed",
        "c188 00000000 f348cdc9c9070000, with BFINAL",
        "c18d 00000000 f24805000000ffffcac9c90700, two blocks"
    })
    void theExamplesOfTheRfcAreHello(String frames, String which) {
        byte[] bytes = HexFormat.of().parseHex(frames.replace(" ", ""));
        assertThat(read(reader(new MessageInflater(true)), bytes)).as(which).containsExactly("text Hello");
    }

    @Test
    void aBombIsStoppedAtTheLimit() {
        try (Deflater deflater = deflater()) {
            byte[] packed = deflated(deflater, new byte[50_000_000]);
            assertThat(packed.length).isLessThan(MAX_BYTES);
            assertThat(read(reader(new MessageInflater(false)), WebSocketPeer.frame(0xc2, packed)))
                    .containsExactly("violation 1009");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "c183 00000000 ffffff, 1007, no DEFLATE",
        "8180 00000000 c080 00000000, 1002, RSV1 on a continuation of nothing",
        "4180 00000000 c080 00000000, 1002, RSV1 on a continuation",
        "c980 00000000, 1002, RSV1 on a ping"
    })
    void whatBreaksTheExtensionIsClosedWithItsCode(String frames, int code, String why) {
        byte[] bytes = HexFormat.of().parseHex(frames.replace(" ", ""));
        assertThat(read(reader(new MessageInflater(true)), bytes)).as(why).endsWith("violation " + code);
    }
}
