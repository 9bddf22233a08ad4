package dev.loomgate.server.uwsgi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.uwsgi.UwsgiMessage.Incomplete;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Packets that nobody would write: each gives a message and no exception, takes no byte past its end, and a
/// request says what a reader with no regard for speed sees in the same bytes.
final class UwsgiFuzzTest {
    private static final int PACKETS = 25_000;
    private static final UwsgiLimits LIMITS = new UwsgiLimits(5000, 40, 1_000_000);
    private static final byte[] TELLING = {0, 1, 2, 5, 9, 10, 13, 22, 30, 31, 32, '/', '0', '9', 'A', 'G', 127, -1, -128
    };

    private final List<byte[]> seeds = new ArrayList<>();

    UwsgiFuzzTest() throws IOException {
        for (PacketFixture fixture : PacketFixture.all()) {
            if (fixture.bytes().length < 5000) {
                seeds.add(fixture.bytes());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void everyPacketGivesAMessageAndNothingElse(long seed) {
        Random random = new Random(seed);
        int requests = 0;
        for (int i = 0; i < PACKETS; i++) {
            byte[] packet =
                    switch (i % 4) {
                        case 0 -> noise(random);
                        case 1 -> noiseBehindAHeader(random);
                        default -> mutated(seeds.get(random.nextInt(seeds.size())), random);
                    };
            if (check(packet, random, seed + "/" + i)) {
                requests++;
            }
        }
        assertThat(requests).as("mutations that are still requests").isBetween(PACKETS / 50, PACKETS);
    }

    private static boolean check(byte[] packet, Random random, String which) {
        UwsgiDecoder decoder = new UwsgiDecoder(LIMITS);
        UwsgiMessage message = Incomplete.INCOMPLETE;
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
            case UwsgiRequest request -> {
                assertThat(taken).as(which).isEqualTo(4 + size);
                assertThat(seen(request)).as(which).isEqualTo(expected(packet, size));
                return true;
            }
            case UwsgiRefusal refusal -> {
                assertThat(refusal.logLine()).as(which).matches("uwsgi: [ -~]+");
                assertThat(refusal.reply()).as(which).isNotEmpty();
            }
            case Incomplete incomplete -> assertThat(decoder.end()).as(which).isNotNull();
            case UwsgiMessage.Ping ping -> assertThat(packet[0]).as(which).isEqualTo((byte) 100);
        }
        return false;
    }

    private static Map<String, String> seen(UwsgiRequest request) {
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
        assertThat(expected).containsKey("REQUEST_METHOD").doesNotContainKey("");
        assertThat(expected.keySet()).allMatch(key -> key.matches("[!-~]+"));
        return expected;
    }

    private static byte[] noise(Random random) {
        byte[] noise = new byte[random.nextInt(64)];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] noiseBehindAHeader(Random random) {
        byte[] noise = new byte[4 + 1 + random.nextInt(64)];
        random.nextBytes(noise);
        noise[0] = 0;
        noise[1] = (byte) (noise.length - 4);
        noise[2] = 0;
        for (int at = 4; at + 2 < noise.length; at += 2 + random.nextInt(8)) {
            noise[at] = (byte) random.nextInt(8);
            noise[at + 1] = 0;
        }
        return noise;
    }

    private static byte[] mutated(byte[] seed, Random random) {
        byte[] packet = seed.clone();
        for (int i = random.nextInt(4); i > 0 && packet.length > 0; i--) {
            int at = random.nextInt(packet.length);
            switch (random.nextInt(5)) {
                case 0 -> packet[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> packet[at] = TELLING[random.nextInt(TELLING.length)];
                case 2 -> packet[at] = (byte) random.nextInt(256);
                case 3 -> packet = without(packet, at, 1 + random.nextInt(packet.length - at));
                default -> packet = with(packet, at, packet, random.nextInt(packet.length));
            }
            if (packet.length > 4 && random.nextInt(4) > 0) {
                packet[1] = (byte) (packet.length - 4);
                packet[2] = (byte) ((packet.length - 4) >>> 8);
            }
        }
        return packet;
    }

    private static byte[] without(byte[] packet, int from, int length) {
        byte[] shorter = new byte[packet.length - length];
        System.arraycopy(packet, 0, shorter, 0, from);
        System.arraycopy(packet, from + length, shorter, from, shorter.length - from);
        return shorter;
    }

    private static byte[] with(byte[] packet, int at, byte[] source, int from) {
        int length = Math.min(40, source.length - from);
        byte[] longer = new byte[packet.length + length];
        System.arraycopy(packet, 0, longer, 0, at);
        System.arraycopy(source, from, longer, at, length);
        System.arraycopy(packet, at, longer, at + length, packet.length - at);
        return longer;
    }
}
