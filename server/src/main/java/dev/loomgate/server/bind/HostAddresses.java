package dev.loomgate.server.bind;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The addresses that a host's name stands for, and that can be listened on. Asks the resolver, which may block.
///
/// `localhost` is 127.0.0.1 and ::1 on most machines. Where a machine has no IPv6, its files often have the name's IPv6
/// address all the same: an IPv6 address that the kernel doesn't know is left out, if the name has another one.
public final class HostAddresses {
    private HostAddresses() {}

    /// The addresses of that name in the resolver's order, each once; none if the name isn't known.
    ///
    /// @param host a name, or an address, which stands for itself
    public static List<String> of(String host) {
        try {
            return usable(Stream.of(InetAddress.getAllByName(host)), HostAddresses::isOfThisMachine).stream()
                    .map(HostAddresses::text)
                    .toList();
        } catch (UnknownHostException e) {
            return List.of();
        }
    }

    static List<InetAddress> usable(Stream<InetAddress> found, Predicate<InetAddress> isThere) {
        List<InetAddress> all = found.distinct().toList();
        List<InetAddress> there = all.stream()
                .filter(address -> all.size() == 1 || !(address instanceof Inet6Address) || isThere.test(address))
                .toList();
        return there.isEmpty() ? all : there;
    }

    // ::1 and not 0:0:0:0:0:0:0:1, which the JDK writes.
    private static String text(InetAddress address) {
        boolean scoped = address instanceof Inet6Address six && six.getScopeId() != 0;
        return scoped ? address.getHostAddress() : NetUtil.toAddressString(address);
    }

    private static boolean isOfThisMachine(InetAddress address) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(address, 0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
