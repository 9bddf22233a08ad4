package dev.loomgate.server.bind;

import dev.loomgate.gateway.Quoting;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Arrays;

/// A block of IP addresses: `10.0.0.0/8`, `2001:db8::/32`, or one address.
///
/// An IPv4 address in IPv6 clothes (`::ffff:10.0.0.1`) counts as the IPv4 one.
final class Cidr {
    private final byte[] network;
    private final int prefixBits;

    private Cidr(byte[] network, int prefixBits) {
        this.network = network;
        this.prefixBits = prefixBits;
    }

    /// Reads a block; looks up no names.
    ///
    /// @throws IllegalArgumentException if it is none, or has bits past its prefix
    static Cidr parse(String text) {
        int slash = text.indexOf('/');
        byte[] network = NetUtil.createByteArrayFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
        if (network == null || text.indexOf('%') >= 0) {
            throw wrong(text, "it is no address, as 10.0.0.1 or ::1, and no block, as 10.0.0.0/8");
        }
        byte[] address = unmapped(network);
        int most = 8 * address.length;
        int prefixBits = slash < 0 ? most : prefix(text, slash, network.length, most);
        Cidr block = new Cidr(masked(address, prefixBits), prefixBits);
        if (!Arrays.equals(block.network, address)) {
            throw wrong(text, "it has bits past its prefix; the block is " + block);
        }
        return block;
    }

    private static int prefix(String text, int slash, int writtenBytes, int most) {
        String digits = text.substring(slash + 1);
        boolean number =
                !digits.isEmpty() && digits.length() <= 3 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        int bits = number ? Integer.parseInt(digits) - (8 * writtenBytes - most) : -1;
        if (bits < 0 || bits > most) {
            throw wrong(text, "the prefix after the slash is a number from 0 to " + 8 * writtenBytes);
        }
        return bits;
    }

    boolean contains(InetAddress address) {
        byte[] bytes = unmapped(address.getAddress());
        return bytes.length == network.length && Arrays.equals(masked(bytes, prefixBits), network);
    }

    static byte[] unmapped(byte[] address) {
        if (address.length != 16) {
            return address;
        }
        for (int i = 0; i < 12; i++) {
            if (address[i] != (i < 10 ? 0 : -1)) {
                return address;
            }
        }
        return Arrays.copyOfRange(address, 12, 16);
    }

    private static byte[] masked(byte[] address, int bits) {
        byte[] masked = address.clone();
        for (int i = 0; i < masked.length; i++) {
            int kept = Math.clamp(bits - 8L * i, 0, 8);
            masked[i] &= (byte) (0xff00 >> kept);
        }
        return masked;
    }

    private static IllegalArgumentException wrong(String text, String why) {
        return new IllegalArgumentException("--allow-from \"%s\": %s".formatted(Quoting.printable(text), why));
    }

    /// `10.0.0.0/8`.
    @Override
    public String toString() {
        return NetUtil.bytesToIpAddress(network) + "/" + prefixBits;
    }
}
