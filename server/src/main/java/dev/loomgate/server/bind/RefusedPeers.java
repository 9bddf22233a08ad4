package dev.loomgate.server.bind;

import dev.loomgate.gateway.AddressBlock;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// Remembers of which networks the log has named a refused peer lately, so that who keeps trying can't fill it: once a
/// network and minute. A network is an IPv4 address without its last byte, or the first half of an IPv6 one. Safe for
/// use by several threads; keeps a thousand networks at most.
public final class RefusedPeers {
    private static final long PERIOD_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MAX_NETWORKS = 1024;

    // In the order of their last line in the log.
    private final Map<ByteBuffer, Long> named = new LinkedHashMap<>();

    /// Whether this refusal is to be logged.
    ///
    /// @param nowNanos [System#nanoTime]
    public synchronized boolean isNews(InetAddress peer, long nowNanos) {
        ByteBuffer network = networkOf(peer);
        Long last = named.get(network);
        if (last != null && nowNanos - last < PERIOD_NANOS) {
            return false;
        }
        named.remove(network);
        named.put(network, nowNanos);
        if (named.size() > MAX_NETWORKS) {
            named.remove(named.keySet().iterator().next());
        }
        return true;
    }

    private static ByteBuffer networkOf(InetAddress peer) {
        byte[] address = AddressBlock.unmapped(peer.getAddress());
        return ByteBuffer.wrap(Arrays.copyOf(address, address.length == 4 ? 3 : 8));
    }
}
