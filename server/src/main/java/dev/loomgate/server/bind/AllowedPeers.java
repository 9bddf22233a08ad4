package dev.loomgate.server.bind;

import dev.loomgate.gateway.AddressBlock;
import java.net.InetAddress;
import java.util.List;

/// Which peers may send uwsgi over TCP: those on this machine, and those that are allowed.
///
/// A uwsgi packet says what the client's address, scheme and user are, so a peer that may send one can claim to be
/// any client. Safe for use by several threads.
public final class AllowedPeers {
    private final List<AddressBlock> blocks;

    private AllowedPeers(List<AddressBlock> blocks) {
        this.blocks = blocks;
    }

    /// Loopback peers and those of the blocks, each an address (`192.0.2.7`) or in CIDR notation (`10.0.0.0/8`,
    /// `2001:db8::/32`).
    ///
    /// @throws IllegalArgumentException if one is neither; the message is a line for the operator
    public static AllowedPeers loopbackAnd(List<String> blocks) {
        return new AllowedPeers(blocks.stream().map(Cidr::parse).toList());
    }

    public boolean allows(InetAddress peer) {
        if (peer.isLoopbackAddress()) {
            return true;
        }
        byte[] address = AddressBlock.unmapped(peer.getAddress());
        if (address.length == 4 && address[0] == 127) {
            return true;
        }
        for (AddressBlock block : blocks) {
            if (block.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
