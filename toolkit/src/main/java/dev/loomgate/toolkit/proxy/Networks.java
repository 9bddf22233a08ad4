package dev.loomgate.toolkit.proxy;

import dev.loomgate.gateway.Quoting;
import dev.loomgate.toolkit.syntax.IpLiteral;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Networks that an address may be in.
///
/// @param all whether everything is in them
/// @param blocks address blocks
/// @param unix whether a peer without an address, as on a unix socket, belongs to them
record Networks(boolean all, List<Block> blocks, boolean unix) {
    /// Every address, and none.
    static final Networks ANY = new Networks(true, List.of(), true);

    /// Addresses that have their first bits in common.
    @SuppressWarnings("ArrayRecordComponent")
    record Block(byte[] address, int bits) {
        boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit += 8) {
                int mask = bits - bit >= 8 ? 0xff : 0xff << (8 - (bits - bit)) & 0xff;
                if (((address[bit / 8] ^ other[bit / 8]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    static Networks of(List<String> texts) {
        List<Block> blocks = new ArrayList<>();
        boolean unix = false;
        for (String text : texts) {
            if (text.equals("unix")) {
                unix = true;
            } else {
                blocks.add(block(text));
            }
        }
        return new Networks(false, List.copyOf(blocks), unix);
    }

    private static Block block(String text) {
        int slash = text.indexOf('/');
        byte[] address =
                IpLiteral.bytes(slash < 0 ? text : text.substring(0, slash)).orElseThrow(() -> wrong(text));
        int most = 8 * address.length;
        if (slash < 0) {
            return new Block(address, most);
        }
        String bits = text.substring(slash + 1);
        if (!bits.matches("[0-9]{1,3}") || Integer.parseInt(bits) > most) {
            throw wrong(text);
        }
        return new Block(address, Integer.parseInt(bits));
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("no network: \"%s\" (such as 10.0.0.0/8, 2001:db8::/32, 127.0.0.1 or unix)"
                .formatted(Quoting.printable(text)));
    }

    boolean contains(String address) {
        if (all) {
            return true;
        }
        if (address.isEmpty()) {
            return unix;
        }
        Optional<byte[]> bytes = IpLiteral.bytes(address);
        return bytes.isPresent() && blocks.stream().anyMatch(block -> block.contains(bytes.get()));
    }
}
