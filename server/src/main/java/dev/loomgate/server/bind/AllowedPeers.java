package dev.loomgate.server.bind;

import dev.loomgate.gateway.AddressBlock;
import java.net.InetAddress;
import java.util.List;

/// Which peers may send CGI variables over TCP: those on this machine, and those that are allowed.
///
/// Variables say what the client's address, scheme and user are, so a peer that may send them can claim to be any
/// client. Safe for use by several threads.
public final class AllowedPeers {
    private final Networks networks;

    private AllowedPeers(Networks networks) {
        this.networks = networks;
    }

    /// Loopback peers and those of the networks, as [Networks#of] reads them.
    ///
    /// @throws IllegalArgumentException if one is none; the message is a line for the operator
    public static AllowedPeers loopbackAnd(List<String> networks) {
        return new AllowedPeers(Networks.of("allowFrom", networks));
    }

    public boolean allows(InetAddress peer) {
        if (peer.isLoopbackAddress()) {
            return true;
        }
        byte[] address = AddressBlock.unmapped(peer.getAddress());
        return (address.length == 4 && address[0] == 127) || networks.contains(peer);
    }
}
