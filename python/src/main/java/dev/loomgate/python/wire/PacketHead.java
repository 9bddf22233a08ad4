package dev.loomgate.python.wire;

import java.nio.charset.StandardCharsets;

/// What logs say of a request that a worker has read itself: the method and the target of its uwsgi packet.
///
/// ```
///  0           1          3           4
///  | modifier1 | datasize | modifier2 | length, name, length, value, ...      lengths: u16, little-endian
/// ```
/// @param method `?` where the packet doesn't say it
/// @param target REQUEST_URI, or else the path; `?` likewise
public record PacketHead(String method, String target) {
    private static final int HEADER_BYTES = 4;
    private static final String UNKNOWN = "?";

    /// Reads a packet as far as it is there: it may be cut off, or the bytes may be something else.
    public static PacketHead of(byte[] packet) {
        String method = UNKNOWN;
        String target = UNKNOWN;
        String path = UNKNOWN;
        int end = packet.length < HEADER_BYTES ? 0 : Math.min(packet.length, HEADER_BYTES + unsignedShort(packet, 1));
        int at = HEADER_BYTES;
        while (at < end) {
            int nameEnd = end(packet, at, end);
            int valueEnd = nameEnd < 0 ? -1 : end(packet, nameEnd, end);
            if (valueEnd < 0) {
                break;
            }
            String name = text(packet, at + 2, nameEnd);
            switch (name) {
                case "REQUEST_METHOD" -> method = text(packet, nameEnd + 2, valueEnd);
                case "REQUEST_URI" -> target = text(packet, nameEnd + 2, valueEnd);
                case "PATH_INFO" -> path = text(packet, nameEnd + 2, valueEnd);
                default -> {
                    // logs don't show it
                }
            }
            at = valueEnd;
        }
        return new PacketHead(method, target.equals(UNKNOWN) ? path : target);
    }

    // Where the text at `at` ends, with its length before it; -1 where it isn't there as a whole.
    private static int end(byte[] packet, int at, int end) {
        if (at + 2 > end) {
            return -1;
        }
        int textEnd = at + 2 + unsignedShort(packet, at);
        return textEnd > end ? -1 : textEnd;
    }

    private static int unsignedShort(byte[] packet, int at) {
        return (packet[at] & 0xff) | ((packet[at + 1] & 0xff) << 8);
    }

    private static String text(byte[] packet, int from, int to) {
        return new String(packet, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
