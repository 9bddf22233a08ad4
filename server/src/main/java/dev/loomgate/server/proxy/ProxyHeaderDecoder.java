package dev.loomgate.server.proxy;

import dev.loomgate.gateway.AddressBlock;
import dev.loomgate.gateway.Quoting;
import dev.loomgate.server.connection.ConnectionFacts.Ends;
import dev.loomgate.server.proxy.ProxyHeader.Complete;
import dev.loomgate.server.proxy.ProxyHeader.Incomplete;
import dev.loomgate.server.proxy.ProxyHeader.Wrong;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Reads a header of the PROXY protocol, version 1 or 2, in whatever pieces it comes.
///
/// ```
///  version 1, at most 107 bytes:
///    PROXY TCP4 192.0.2.7 198.51.100.1 56324 443 CR LF        or TCP6; or UNKNOWN and anything
///               from      to           from  to
///
///  version 2:
///    0  ...                          12                13            14       16 ...
///   +--------------------------------+----------------+-------------+--------+-----------+------+
///   | 0D 0A 0D 0A 00 0D 0A 51 ..     | version (4)    | family (4)  | length | addresses | TLVs |
///   |                                | command (4)    | protocol (4)| u16    |           |      |
///   +--------------------------------+----------------+-------------+--------+-----------+------+
///    a TLV: type u8, length u16, value
/// ```
/// Numbers are big-endian. Of the TLVs only the checksum is read, and checked. Takes not a byte more than the header.
/// Pure. Source: "The PROXY protocol", versions 1 & 2, of 2020.
final class ProxyHeaderDecoder {
    private static final byte[] V1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] V2 = {0x0d, 0x0a, 0x0d, 0x0a, 0, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
    private static final int V1_MOST = 107;
    private static final int V2_BEGINNING = 16;

    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int UNSPEC = 0x00;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int UNIX_STREAM = 0x31;
    private static final int UNIX_BYTES = 216;
    private static final int CRC32C_TYPE = 3;

    private final int maxBytes;
    private byte[] bytes = new byte[V1_MOST];
    private int size;

    /// @param maxBytes of a header of version 2
    ProxyHeaderDecoder(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /// How much has come.
    int size() {
        return size;
    }

    /// Reads on. After anything but [Incomplete] it is used up.
    ProxyHeader read(ByteBuf in) {
        while (in.isReadable()) {
            int wanted = wanted();
            int more = Math.min(wanted - size, in.readableBytes());
            if (size + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(size + more, Math.min(2 * bytes.length, wanted)));
            }
            in.readBytes(bytes, size, more);
            size += more;
            ProxyHeader header = look();
            if (header != Incomplete.INCOMPLETE) {
                return header;
            }
        }
        return Incomplete.INCOMPLETE;
    }

    /// How many bytes may be read without knowing more: version 1 ends at a line's end, so it goes byte by byte.
    private int wanted() {
        if (!begins(V2)) {
            return size + 1;
        }
        if (size < V2_BEGINNING) {
            return size < V2.length ? size + 1 : V2_BEGINNING;
        }
        return V2_BEGINNING + u16(14);
    }

    private boolean begins(byte[] signature) {
        int compared = Math.min(size, signature.length);
        return Arrays.equals(bytes, 0, compared, signature, 0, compared);
    }

    private ProxyHeader look() {
        if (begins(V2)) {
            return size < V2_BEGINNING ? Incomplete.INCOMPLETE : second();
        }
        if (!begins(V1)) {
            return new Wrong("the connection begins with " + shown(Math.min(size, V2.length)) + ", no header of the"
                    + " PROXY protocol");
        }
        if (size >= 2 && bytes[size - 1] == '\n' && bytes[size - 2] == '\r') {
            return first(new String(bytes, 0, size - 2, StandardCharsets.ISO_8859_1));
        }
        if (bytes[size - 1] == '\n' || size == V1_MOST) {
            return new Wrong("the line " + shown(size) + " doesn't end with CR LF within 107 bytes");
        }
        return Incomplete.INCOMPLETE;
    }

    // ---- version 1

    private ProxyHeader first(String line) {
        String[] words = line.split(" ", -1);
        if (words[1].equals("UNKNOWN")) {
            return new Complete(null);
        }
        boolean v4 = words[1].equals("TCP4");
        if (words.length == 6 && (v4 || words[1].equals("TCP6"))) {
            InetSocketAddress from = address(words[2], words[4], v4);
            InetSocketAddress to = address(words[3], words[5], v4);
            if (from != null && to != null) {
                return new Complete(new Ends(to, from));
            }
        }
        return new Wrong("the line " + Quoting.printable(line) + " is none of the PROXY protocol");
    }

    private static @Nullable InetSocketAddress address(String address, String port, boolean v4) {
        boolean number = port.matches("0|[1-9][0-9]{0,4}") && Integer.parseInt(port) <= 65535;
        boolean canonical =
                v4 ? address.matches("(0|[1-9][0-9]{0,2})([.](0|[1-9][0-9]{0,2})){3}") : address.indexOf(':') >= 0;
        if (!number || !canonical) {
            return null;
        }
        return AddressBlock.address(address)
                .map(bytes -> socketAddress(bytes, Integer.parseInt(port)))
                .orElse(null);
    }

    // ---- version 2

    private ProxyHeader second() {
        int command = bytes[12] & 0xff;
        int family = bytes[13] & 0xff;
        int length = u16(14);
        if (command != LOCAL && command != PROXY) {
            return new Wrong("version and command are 0x%02x, neither LOCAL nor PROXY of version 2".formatted(command));
        }
        if (V2_BEGINNING + length > maxBytes) {
            return new Wrong("the header takes %d bytes, over %d".formatted(V2_BEGINNING + length, maxBytes));
        }
        int addresses = command == LOCAL ? 0 : addressBytes(family);
        if (addresses < 0) {
            return new Wrong("family and protocol are 0x%02x, no stream".formatted(family));
        }
        if (addresses > length) {
            return new Wrong("the header has %d bytes for addresses that take %d".formatted(length, addresses));
        }
        if (size < V2_BEGINNING + length) {
            return Incomplete.INCOMPLETE;
        }
        // What LOCAL brings is to be skipped, whatever it is.
        String wrong = command == LOCAL || family == UNSPEC ? null : checkTlvs(V2_BEGINNING + addresses);
        return wrong == null ? new Complete(command == LOCAL ? null : ends(family)) : new Wrong(wrong);
    }

    private static int addressBytes(int family) {
        return switch (family) {
            case UNSPEC -> 0;
            case TCP4 -> 12;
            case TCP6 -> 36;
            case UNIX_STREAM -> UNIX_BYTES;
            default -> -1;
        };
    }

    private @Nullable Ends ends(int family) {
        return switch (family) {
            case TCP4 -> endsOf(4);
            case TCP6 -> endsOf(16);
            case UNIX_STREAM -> new Ends(null, null);
            default -> null;
        };
    }

    private Ends ends(int width, int ports) {
        return new Ends(
                socketAddress(Arrays.copyOfRange(bytes, V2_BEGINNING + width, ports), u16(ports + 2)),
                socketAddress(Arrays.copyOfRange(bytes, V2_BEGINNING, V2_BEGINNING + width), u16(ports)));
    }

    private Ends endsOf(int width) {
        return ends(width, V2_BEGINNING + 2 * width);
    }

    /// Walks over the TLVs, which fill the rest.
    private @Nullable String checkTlvs(int from) {
        boolean checked = false;
        for (int at = from; at < size; ) {
            int value = at + 3;
            if (value > size || value + u16(at + 1) > size) {
                return "a TLV doesn't fit in the header";
            }
            int length = u16(at + 1);
            if (bytes[at] == CRC32C_TYPE) {
                if (checked || length != 4 || !isRightChecksum(value)) {
                    return "the checksum is wrong";
                }
                checked = true;
            }
            at = value + length;
        }
        return null;
    }

    private boolean isRightChecksum(int at) {
        long said = (long) u16(at) << 16 | u16(at + 2);
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, at);
        sum.update(new byte[4]);
        sum.update(bytes, at + 4, size - at - 4);
        return sum.getValue() == said;
    }

    // ---- both

    private static InetSocketAddress socketAddress(byte[] address, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    private int u16(int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }

    private String shown(int count) {
        return "\"" + Quoting.printable(new String(bytes, 0, count, StandardCharsets.ISO_8859_1)) + "\"";
    }
}
