package dev.loomgate.cli.loggers;

import dev.loomgate.cli.log.Strftime;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/// What is in a datagram:
///
/// ```
///  socket    prefix message
///  syslog    <30>Nov 23 10:00:00 uwsgi: message        to /dev/log, RFC 3164 without a host, as the C library sends it
///  rsyslog   <29>Nov 23 10:00:00 host uwsgi: message   RFC 3164
/// ```
/// The last two are without the message's line feed.
final class PacketForms {
    /// syslog's informational messages.
    static final int INFO = 6;

    private static final Strftime TIME = Strftime.of("%b %e %H:%M:%S");

    private PacketForms() {}

    /// @param maxBytes past which a message is cut
    static DatagramDestination.Form plain(String prefix, int maxBytes) {
        byte[] before = bytes(prefix);
        return message -> List.of(joined(before, message, 0, Math.min(message.length, maxBytes)));
    }

    /// @param maxBytes past which a message is cut
    static DatagramDestination.Form syslog(int priority, String ident, int maxBytes) {
        return syslog(priority, ident, maxBytes, Instant::now);
    }

    /// @param clock instead of the system's
    static DatagramDestination.Form syslog(int priority, String ident, int maxBytes, Supplier<Instant> clock) {
        return message -> {
            int length = Math.min(withoutLineFeed(message), maxBytes);
            return List.of(joined(head(priority, ident, clock), message, 0, length));
        };
    }

    /// @param packetBytes past which a packet would go: what doesn't fit is left out, or sent in further packets
    /// @param split whether it is sent
    static DatagramDestination.Form rsyslog(int priority, String hostAndIdent, int packetBytes, boolean split) {
        return message -> {
            byte[] head = head(priority, hostAndIdent, Instant::now);
            int room = Math.max(1, packetBytes - head.length);
            int end = withoutLineFeed(message);
            List<byte[]> packets = new ArrayList<>();
            int at = 0;
            do {
                int length = Math.min(room, end - at);
                packets.add(joined(head, message, at, length));
                at += length;
            } while (split && at < end);
            return packets;
        };
    }

    private static byte[] head(int priority, String name, Supplier<Instant> clock) {
        return bytes("<%d>%s %s: ".formatted(priority, TIME.apply(clock.get()), name));
    }

    private static int withoutLineFeed(byte[] message) {
        int end = message.length;
        return end > 0 && message[end - 1] == '\n' ? end - 1 : end;
    }

    private static byte[] joined(byte[] before, byte[] message, int at, int length) {
        byte[] packet = Arrays.copyOf(before, before.length + length);
        System.arraycopy(message, at, packet, before.length, length);
        return packet;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
