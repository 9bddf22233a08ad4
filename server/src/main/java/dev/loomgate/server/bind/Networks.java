package dev.loomgate.server.bind;

import dev.loomgate.gateway.AddressBlock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.stream.Stream;

/// Networks that the operator has named: addresses (`192.0.2.7`), blocks (`10.0.0.0/8`, `2001:db8::/32`), and words.
/// Immutable.
public final class Networks {
    /// Stands for the addresses that are not routed in the Internet: those of private networks (RFC 1918, RFC 4193), of
    /// a provider's inner network (RFC 6598), and of a single link (RFC 3927, RFC 4291).
    public static final String PRIVATE = "private";
    /// Stands for every address.
    public static final String ANY = "any";
    /// Stands for peers on unix sockets, which have no address.
    public static final String UNIX = "unix";

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
    private final boolean unix;

    private Networks(List<AddressBlock> blocks, boolean unix) {
        this.blocks = blocks;
        this.unix = unix;
    }

    /// Those of some addresses and blocks, and of the words [#PRIVATE] and [#ANY].
    ///
    /// @param setting that they are from
    /// @throws IllegalArgumentException if one is neither; the message is a line for the operator
    public static Networks of(String setting, List<String> texts) {
        return new Networks(
                texts.stream()
                        .flatMap(Networks::blocksOf)
                        .map(text -> Cidr.parse(setting, text))
                        .toList(),
                false);
    }

    /// As [#of], where [#UNIX] is a word as well.
    public static Networks withUnix(String setting, List<String> texts) {
        Networks networks =
                of(setting, texts.stream().filter(text -> !text.equals(UNIX)).toList());
        return new Networks(networks.blocks, texts.contains(UNIX));
    }

    private static Stream<String> blocksOf(String text) {
        return switch (text) {
            case PRIVATE -> PRIVATE_BLOCKS.stream();
            case ANY -> ALL_BLOCKS.stream();
            default -> Stream.of(text);
        };
    }

    public boolean contains(InetAddress peer) {
        byte[] address = AddressBlock.unmapped(peer.getAddress());
        for (AddressBlock block : blocks) {
            if (block.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /// Whether a peer of that address is in them; one of a unix socket is where the word says so.
    public boolean contains(SocketAddress peer) {
        return peer instanceof InetSocketAddress address ? contains(address.getAddress()) : unix;
    }

    /// Whether peers of unix sockets are.
    public boolean containsUnix() {
        return unix;
    }

    /// Whether nothing is in them.
    public boolean isEmpty() {
        return blocks.isEmpty() && !unix;
    }
}
