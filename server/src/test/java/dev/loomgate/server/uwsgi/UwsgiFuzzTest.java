package dev.loomgate.server.uwsgi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Limits;
import dev.loomgate.server.cgi.CgiMessage;
import dev.loomgate.server.cgi.CgiMessage.Incomplete;
import dev.loomgate.server.cgi.CgiRequest;
import dev.loomgate.server.cgi.Refused;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Packets that nobody would write: each gives a message and no exception, takes no byte past its end, and a
/// request says what a reader with no regard for speed sees in the same bytes.
final class UwsgiFuzzTest {
    private static final int PACKETS = 25_000;
    private static final Limits LIMITS = PacketFixture.limits(5000, 40, 1_000_000);

    private final FuzzedPackets packets = new FuzzedPackets();

    UwsgiFuzzTest() throws IOException {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void everyPacketGivesAMessageAndNothingElse(long seed) {
        Random random = new Random(seed);
        int requests = 0;
        for (int i = 0; i < PACKETS; i++) {
            if (check(packets.next(random), random, seed + "/" + i)) {
                requests++;
            }
        }
        assertThat(requests).as("mutations that are still requests").isBetween(PACKETS / 50, PACKETS);
    }

    private static boolean check(byte[] packet, Random random, String which) {
        UwsgiDecoder decoder = new UwsgiDecoder(LIMITS);
        CgiMessage message = Incomplete.INCOMPLETE;
        int taken = 0;
        for (int at = 0; at < packet.length && message == Incomplete.INCOMPLETE; ) {
            int length = random.nextBoolean() ? packet.length - at : 1 + random.nextInt(packet.length - at);
            // Exactly these bytes and no more: reading on throws.
            ByteBuf piece = Unpooled.wrappedBuffer(packet, at, length);
            message = decoder.decode(piece);
            taken += length - piece.readableBytes();
            at += length;
        }
        int size = packet.length < 4 ? 0 : (packet[1] & 0xff) | (packet[2] & 0xff) << 8;
        assertThat(taken).as(which).isLessThanOrEqualTo(4 + size);
        switch (message) {
            case CgiRequest request -> {
                assertThat(taken).as(which).isEqualTo(4 + size);
                Map<String, String> expected = expected(packet, size);
                assertThat(seen(request)).as(which).isEqualTo(expected);
                assertThat(request.method()).as(which).isEqualTo(expected.getOrDefault("REQUEST_METHOD", "GET"));
                return true;
            }
            case Refused refused -> {
                assertThat(refused.refusal().logLine(UnaryOperator.identity()))
                        .as(which)
                        .matches("uwsgi: [ -~]+");
                assertThat(refused.reply()).as(which).isNotEmpty();
            }
            case Incomplete incomplete -> assertThat(decoder.end()).as(which).isNotNull();
            case CgiMessage.Ping ping -> assertThat(packet[0]).as(which).isEqualTo((byte) 100);
        }
        return false;
    }

    private static Map<String, String> seen(CgiRequest request) {
        Map<String, String> seen = new LinkedHashMap<>();
        request.variables().forEachKey(key -> seen.put(key, String.valueOf(request.text(key))));
        return seen;
    }

    // The format once more, in its plainest words.
    private static Map<String, String> expected(byte[] packet, int size) {
        Map<String, String> expected = new LinkedHashMap<>();
        int at = 4;
        while (at < 4 + size) {
            int keyLength = (packet[at] & 0xff) + 256 * (packet[at + 1] & 0xff);
            String key = new String(packet, at + 2, keyLength, StandardCharsets.ISO_8859_1);
            at += 2 + keyLength;
            int valueLength = (packet[at] & 0xff) + 256 * (packet[at + 1] & 0xff);
            String value = new String(packet, at + 2, valueLength, StandardCharsets.ISO_8859_1);
            at += 2 + valueLength;
            String separator = key.equals("HTTP_COOKIE") ? "; " : ", ";
            expected.merge(
                    key, value, (a, b) -> key.startsWith("HTTP_") && !key.equals("HTTP_HOST") ? a + separator + b : b);
        }
        assertThat(at).isEqualTo(4 + size);
        assertThat(expected).doesNotContainKey("");
        assertThat(expected.keySet()).allMatch(key -> key.matches("[!-~]+"));
        return expected;
    }
}
