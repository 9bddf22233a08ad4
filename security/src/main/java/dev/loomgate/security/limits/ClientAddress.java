package dev.loomgate.security.limits;

import dev.loomgate.gateway.AddressBlock;
import dev.loomgate.gateway.Environ;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// Which client sends a request, by its address: an IPv4 address, or the first 64 bits of an IPv6 one,
/// since who has one has the others of its network, too.
final class ClientAddress {
    private static final int NETWORK_BYTES = 8;

    private ClientAddress() {}

    /// The key: empty if the request has no address, or one that is none.
    static String key(Environ environ) {
        Optional<byte[]> address = environ.remoteAddress().flatMap(AddressBlock::address);
        if (address.isEmpty()) {
            return "";
        }
        byte[] bytes = AddressBlock.unmapped(address.get());
        return "address:"
                + HexFormat.of().formatHex(bytes.length > NETWORK_BYTES ? Arrays.copyOf(bytes, NETWORK_BYTES) : bytes);
    }
}
