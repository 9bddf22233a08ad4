package dev.loomgate.python.zygote;

import java.util.List;
import java.util.Map;

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
public record DirectBoot(
        int sockets,
        int maxHeaderBytes,
        int maxHeaderCount,
        long maxBodyBytes,
        boolean records,
        boolean details,
        boolean counts,
        List<Long> durationBounds,
        List<String> keptPaths) {
    Map<String, Object> json() {
        return Map.of(
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
                keptPaths);
    }
}
