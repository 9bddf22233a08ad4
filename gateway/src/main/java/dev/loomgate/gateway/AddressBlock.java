package dev.loomgate.gateway;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/// A block of IP addresses: `10.0.0.0/8`, `2001:db8::/32`, or one address.
///
/// An IPv4 address within IPv6 (`::ffff:10.0.0.1`) counts as the IPv4 one, in a block as well. No name is looked up.
/// Immutable.
public final class AddressBlock {
    private static final int MAPPED_BYTES = 12;

    private final byte[] address;
    private final int prefixBits;

    private AddressBlock(byte[] address, int prefixBits) {
        this.address = address;
        this.prefixBits = prefixBits;
    }

    /// The block that a text means. Bits past the prefix are allowed, and count for nothing: see [#isExact].
    ///
    /// @throws IllegalArgumentException if it is none; the message says why, without the text
    public static AddressBlock parse(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        byte[] address = address(literal)
                .orElseThrow(() -> new IllegalArgumentException(
                        "it is not an address, as 10.0.0.1 or ::1, and not a block, as 10.0.0.0/8"));
        int most = 8 * address.length;
        return new AddressBlock(address, slash < 0 ? most : prefix(text.substring(slash + 1), literal, most));
    }

    private static int prefix(String digits, String literal, int most) {
        int written = literal.indexOf(':') < 0 ? 32 : 128;
        boolean number =
                !digits.isEmpty() && digits.length() <= 3 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        int bits = number ? Integer.parseInt(digits) - (written - most) : -1;
        if (bits < 0 || bits > most) {
            throw new IllegalArgumentException("the prefix after the slash is a number from 0 to " + written);
        }
        return bits;
    }

    /// The bytes of an address, 4 or 16; empty if the text is none.
    public static Optional<byte[]> address(String literal) {
        // "10" is an address to the JDK, and a scope would be looked up.
        if (literal.indexOf(':') < 0 ? !literal.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}") : literal.indexOf('%') >= 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(literal).getAddress());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// The address itself, or the IPv4 one that it holds: 4 or 16 bytes.
    public static byte[] unmapped(byte[] address) {
        if (address.length != 16) {
            return address;
        }
        for (int i = 0; i < MAPPED_BYTES; i++) {
            if (address[i] != (i < 10 ? 0 : -1)) {
                return address;
            }
        }
        return Arrays.copyOfRange(address, MAPPED_BYTES, 16);
    }

    /// Whether an address of 4 or 16 bytes is in the block.
    public boolean contains(byte[] other) {
        byte[] bytes = unmapped(other);
        if (bytes.length != address.length) {
            return false;
        }
        for (int bit = 0; bit < prefixBits; bit += 8) {
            if (((address[bit / 8] ^ bytes[bit / 8]) & mask(bit)) != 0) {
                return false;
            }
        }
        return true;
    }

    /// Whether the text had no bits past the prefix, as `10.0.0.1/8` has.
    public boolean isExact() {
        return Arrays.equals(address, first());
    }

    /// The bytes of the block's first address.
    public byte[] first() {
        byte[] first = address.clone();
        for (int i = 0; i < first.length; i++) {
            first[i] &= (byte) mask(8 * i);
        }
        return first;
    }

    /// How many bits its addresses have in common: 0 to 32, or 0 to 128.
    public int prefixBits() {
        return prefixBits;
    }

    /// Which bits of the byte from `bit` on belong to the prefix.
    private int mask(int bit) {
        return 0xff00 >> Math.clamp(prefixBits - (long) bit, 0, 8) & 0xff;
    }

    /// `10.0.0.0/8`, `2001:db8:0:0:0:0:0:0/32`.
    @Override
    public String toString() {
        try {
            return InetAddress.getByAddress(first()).getHostAddress() + "/" + prefixBits;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }
}
