package dev.loomgate.toolkit.proxy;

import dev.loomgate.gateway.AddressBlock;
import dev.loomgate.gateway.Quoting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Networks that an address may be in.
///
/// @param all whether everything is in them
/// @param blocks address blocks
/// @param unix whether a peer without an address, as on a unix socket, belongs to them
record Networks(boolean all, List<AddressBlock> blocks, boolean unix) {
    /// Every address, and none.
    static final Networks ANY = new Networks(true, List.of(), true);

    static Networks of(List<String> texts) {
        List<AddressBlock> blocks = new ArrayList<>();
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

    private static AddressBlock block(String text) {
        try {
            return AddressBlock.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrong(text, e);
        }
    }

    private static IllegalArgumentException wrong(String text, IllegalArgumentException e) {
        return new IllegalArgumentException(
                "no network: \"%s\" (such as 10.0.0.0/8, 2001:db8::/32, 127.0.0.1 or unix)"
                        .formatted(Quoting.printable(text)),
                e);
    }

    boolean contains(String address) {
        if (all) {
            return true;
        }
        if (address.isEmpty()) {
            return unix;
        }
        Optional<byte[]> bytes = AddressBlock.address(address);
        return bytes.isPresent() && blocks.stream().anyMatch(block -> block.contains(bytes.get()));
    }
}
