package dev.loomgate.server.uwsgi;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Packets that nobody would write: noise, noise behind a header that is right, and mutations of the fixtures.
final class FuzzedPackets {
    private static final int MAX_SEED_BYTES = 5000;
    private static final byte[] TELLING = {0, 1, 2, 5, 9, 10, 13, 22, 30, 31, 32, '/', '0', '9', 'A', 'G', 127, -1, -128
    };

    private final List<byte[]> seeds = new ArrayList<>();

    FuzzedPackets() throws IOException {
        for (PacketFixture fixture : PacketFixture.all()) {
            if (fixture.bytes().length < MAX_SEED_BYTES) {
                seeds.add(fixture.bytes());
            }
        }
    }

    byte[] next(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> noise(random);
            case 1 -> noiseBehindAHeader(random);
            default -> mutated(seeds.get(random.nextInt(seeds.size())), random);
        };
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
