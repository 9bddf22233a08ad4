package dev.loomgate.python.zygote;

import dev.loomgate.gateway.direct.DirectLimits;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a zygote is told of direct mode.
///
/// @param sockets how many listening sockets each worker is sent
/// @param maxHeaderBytes bytes of a packet's variables
/// @param maxHeaderCount variables of a packet
/// @param maxBodyBytes bytes of a request's body; 0 for no limit
/// @param records whether ANSWERED is wanted
/// @param details whether it is to tell of the response's head, too
/// @param counts whether a worker counts bytes and times of what it answers itself
/// @param durationBounds nanoseconds by which it counts these requests one by one; empty for not
/// @param keptPaths paths of requests that it hands over
/// @param http what workers of an ASGI program take connections of HTTP by; null where no socket speaks that
public record DirectBoot(
        int sockets,
        int maxHeaderBytes,
        int maxHeaderCount,
        long maxBodyBytes,
        boolean records,
        boolean details,
        boolean counts,
        List<Long> durationBounds,
        List<String> keptPaths,
        @Nullable Http http) {
    /// HTTP, where connections go on.
    ///
    /// @param sockets which ones speak it
    /// @param requests that a worker runs at once: with more it hands over
    public record Http(List<Integer> sockets, int requests, DirectLimits.Http limits) {
        Map<String, Object> json() {
            return Map.ofEntries(
                    Map.entry("sockets", sockets),
                    Map.entry("requests", requests),
                    Map.entry("max_header_bytes", limits.maxHeaderBytes()),
                    Map.entry("max_header_count", limits.maxHeaderCount()),
                    Map.entry("max_target_bytes", limits.maxUriLength()),
                    Map.entry("connections", limits.maxConnections()),
                    Map.entry("records", limits.records()),
                    Map.entry("routes", limits.routes()),
                    Map.entry("header_seconds", seconds(limits.headerTimeout())),
                    Map.entry("idle_seconds", seconds(limits.idleTimeout())),
                    Map.entry("write_seconds", seconds(limits.writeTimeout())),
                    Map.entry("lent_seconds", seconds(limits.lentTimeout())),
                    Map.entry("lent_bytes", limits.lentBytes()));
        }

        private static double seconds(Duration time) {
            return time.toMillis() / 1000.0;
        }
    }

    Map<String, Object> json() {
        Map<String, Object> json = new HashMap<>(Map.of(
                "sockets",
                sockets,
                "max_header_bytes",
                maxHeaderBytes,
                "max_header_count",
                maxHeaderCount,
                "max_body_bytes",
                maxBodyBytes,
                "records",
                records,
                "details",
                details,
                "counts",
                counts,
                "duration_bounds",
                durationBounds,
                "kept_paths",
                keptPaths));
        if (http != null) {
            json.put("http", http.json());
        }
        return json;
    }
}
