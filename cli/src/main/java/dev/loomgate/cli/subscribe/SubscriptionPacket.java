package dev.loomgate.cli.subscribe;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a subscription server hears of a server, in one datagram.
///
/// ```
///  u8 224 | u16 bytes | u8 0 subscribes, 1 unsubscribes | { u16 length, key, u16 length, value } ...
///  numbers are little-endian; values that are numbers are decimal text
/// ```
///
/// Source: core/subscription.c and plugins/corerouter of uWSGI 2.0.
///
/// @param key the name that it serves: a host name, as a rule
/// @param address where it is reached
/// @param cores how many requests it runs at once
/// @param load how many it runs now
/// @param more `sni_key` and others, as they are sent
record SubscriptionPacket(
        String key,
        String address,
        int modifier1,
        int modifier2,
        int cores,
        int load,
        int weight,
        Map<String, String> more) {
    private static final int MODIFIER = 224;
    private static final int HEADER_BYTES = 4;
    private static final int MOST_BYTES = 65_535;

    SubscriptionPacket {
        more = Map.copyOf(more);
    }

    /// @param subscribes whether it comes or stays; it goes otherwise
    /// @throws IllegalArgumentException if it is longer than a packet may be
    byte[] bytes(boolean subscribes) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("key", key);
        all.put("address", address);
        all.put("modifier1", Integer.toString(modifier1));
        all.put("modifier2", Integer.toString(modifier2));
        all.put("cores", Integer.toString(cores));
        all.put("load", Integer.toString(load));
        all.put("weight", Integer.toString(weight));
        all.putAll(more);
        ByteBuffer packet = ByteBuffer.allocate(MOST_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        packet.position(HEADER_BYTES);
        all.forEach((name, value) -> {
            put(packet, name);
            put(packet, value);
        });
        packet.put(0, (byte) MODIFIER)
                .putShort(1, (short) (packet.position() - HEADER_BYTES))
                .put(3, (byte) (subscribes ? 0 : 1));
        byte[] bytes = new byte[packet.position()];
        packet.get(0, bytes);
        return bytes;
    }

    private static void put(ByteBuffer packet, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (Short.BYTES + bytes.length > packet.remaining()) {
            throw new IllegalArgumentException("a subscription takes more than %d bytes".formatted(MOST_BYTES));
        }
        packet.putShort((short) bytes.length).put(bytes);
    }
}
