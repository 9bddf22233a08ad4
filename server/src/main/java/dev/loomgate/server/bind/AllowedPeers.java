package dev.loomgate.server.bind;

import dev.loomgate.gateway.AddressBlock;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/// Which peers may send uwsgi over TCP: those on this machine, and those that are allowed.
///
/// A uwsgi packet says what the client's address, scheme and user are, so a peer that may send one can claim to be
/// any client. Safe for use by several threads.
public final class AllowedPeers {
    /// Stands for the addresses that are not routed in the Internet: those of private networks (RFC 1918, RFC 4193), of
    /// a provider's inner network (RFC 6598), and of a single link (RFC 3927, RFC 4291).
    public static final String PRIVATE = "private";
    /// Stands for every address.
    public static final String ANY = "any";

    private static final List<String> PRIVATE_BLOCKS = List.of(
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "100.64.0.0/10",
            "169.254.0.0/16",
            "fc00::/7",
            "fe80::/10");
    private static final List<String> ALL_BLOCKS = List.of("0.0.0.0/0", "::/0");

    private final List<AddressBlock> blocks;

    private AllowedPeers(List<AddressBlock> blocks) {
        this.blocks = blocks;
    }

    /// Loopback peers and those of the blocks, each an address (`192.0.2.7`), in CIDR notation (`10.0.0.0/8`,
    /// `2001:db8::/32`), or one of the words [#PRIVATE] and [#ANY].
    ///
    /// @throws IllegalArgumentException if one is neither; the message is a line for the operator
    public static AllowedPeers loopbackAnd(List<String> blocks) {
        return new AllowedPeers(
                blocks.stream().flatMap(AllowedPeers::blocksOf).map(Cidr::parse).toList());
    }

    private static Stream<String> blocksOf(String text) {
        return switch (text) {
            case PRIVATE -> PRIVATE_BLOCKS.stream();
            case ANY -> ALL_BLOCKS.stream();
            default -> Stream.of(text);
        };
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
