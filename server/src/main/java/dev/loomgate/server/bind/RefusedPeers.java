package dev.loomgate.server.bind;

import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// Remembers which refused peers the log has named lately, so that one that keeps trying can't fill it: once a
/// peer and minute. Safe for use by several threads; keeps a thousand peers at most.
public final class RefusedPeers {
    private static final long PERIOD_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MAX_PEERS = 1024;

    // In the order of their last line in the log.
    private final Map<InetAddress, Long> named = new LinkedHashMap<>();

    /// Whether this refusal is to be logged.
    ///
    /// @param nowNanos [System#nanoTime]
    public synchronized boolean isNews(InetAddress peer, long nowNanos) {
        Long last = named.get(peer);
        if (last != null && nowNanos - last < PERIOD_NANOS) {
            return false;
        }
        named.remove(peer);
        named.put(peer, nowNanos);
        if (named.size() > MAX_PEERS) {
            named.remove(named.keySet().iterator().next());
        }
        return true;
    }
}
