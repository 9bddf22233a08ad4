package dev.loomgate.gateway.direct;

import java.time.Duration;
import java.util.List;

/// The server's limits that matter to processes which read requests themselves.
///
/// @param maxHeaderBytes bytes of a packet's variables
/// @param maxHeaderCount variables of a packet
/// @param maxBodyBytes bytes of a request's body; 0 for no limit
/// @param requestTimeout from a request's begin to its response's end; zero for no limit. The server keeps it for what
///     it is handed over
/// @param records whether each answered request is to be told of ([SharedSocket#answered])
/// @param details whether that is to come with [AnswerDetails]
/// @param durationBounds nanoseconds, in their order: processes are to count what they answer by how long it took, for
///     [DirectApplication#directMeasured]; empty for not
public record DirectLimits(
        int maxHeaderBytes,
        int maxHeaderCount,
        long maxBodyBytes,
        Duration requestTimeout,
        boolean records,
        boolean details,
        List<Long> durationBounds) {
    public DirectLimits {
        durationBounds = List.copyOf(durationBounds);
    }
}
