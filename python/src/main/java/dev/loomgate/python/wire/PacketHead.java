package dev.loomgate.python.wire;

import dev.loomgate.gateway.LogId;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What logs say of a request that a worker has read itself: the method and the target of its uwsgi packet,
/// or of what it tells of HTTP ([ToldRequest]).
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
    static final String REQUEST_ID = "loomgate.request_id";
    private static final String OWN_ID = "HTTP_X_REQUEST_ID";
    private static final Set<String> ID_NAMES = Set.of(REQUEST_ID, OWN_ID);
    private static final Set<String> NAMES = Set.of("REQUEST_METHOD", "REQUEST_URI", "PATH_INFO");

    /// Reads a packet as far as it is there: it may be cut off, or the bytes may be something else.
    public static PacketHead of(byte[] packet) {
        Map<String, String> found = variables(packet, NAMES);
        return new PacketHead(
                found.getOrDefault("REQUEST_METHOD", UNKNOWN),
                found.getOrDefault("REQUEST_URI", found.getOrDefault("PATH_INFO", UNKNOWN)));
    }

    /// The request's id, as far as the packet is there: the worker's, or the client's own; null where it has none.
    public static @Nullable LogId requestId(byte[] packet) {
        Map<String, String> found = variables(packet, ID_NAMES);
        String id = found.getOrDefault(REQUEST_ID, found.getOrDefault(OWN_ID, ""));
        return LogId.isAcceptable(id) ? new LogId(id) : null;
    }

    /// Those of a packet's variables that have one of these names, as far as it is there.
    public static Map<String, String> variables(byte[] packet, Set<String> wanted) {
        if (ToldRequest.is(packet)) {
            return ToldRequest.variables(packet, wanted);
        }
        Map<String, String> found = new HashMap<>();
        int end = packet.length < HEADER_BYTES ? 0 : Math.min(packet.length, HEADER_BYTES + unsignedShort(packet, 1));
        int at = HEADER_BYTES;
        while (at < end) {
            int nameEnd = end(packet, at, end);
            int valueEnd = nameEnd < 0 ? -1 : end(packet, nameEnd, end);
            if (valueEnd < 0) {
                break;
            }
            String name = text(packet, at + 2, nameEnd);
            if (wanted.contains(name)) {
                found.put(name, text(packet, nameEnd + 2, valueEnd));
            }
            at = valueEnd;
        }
        return found;
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
