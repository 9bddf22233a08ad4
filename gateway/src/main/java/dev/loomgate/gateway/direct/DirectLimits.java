package dev.loomgate.gateway.direct;

import java.time.Duration;
import java.util.ArrayList;
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
/// @param http what is different over HTTP
/// @param keptPaths requests with one of these paths (PATH_INFO, decoded) are handed over: something that stands before
///     the application answers them
public record DirectLimits(
        int maxHeaderBytes,
        int maxHeaderCount,
        long maxBodyBytes,
        Duration requestTimeout,
        boolean records,
        boolean details,
        List<Long> durationBounds,
        Http http,
        List<String> keptPaths) {
    /// Those of requests over HTTP, and of connections that go on. These requests aren't counted by `durationBounds`.
    ///
    /// @param maxHeaderBytes bytes of a request's head
    /// @param maxHeaderCount its fields
    /// @param maxUriLength bytes of its target
    /// @param headerTimeout for a client that has connected to begin its first request
    /// @param idleTimeout for it to begin another one
    /// @param writeTimeout for it to take something of what waits for it
    /// @param lentTimeout after so long without a byte of its client, the connection of a WebSocket that was lent
    ///     ([LendableSocket]) is to be given back; zero for never
    /// @param lentBytes what a message may have that such a process reads itself
    /// @param maxConnections of all processes and the server together
    /// @param records whether each answered request is to be told of, also where those of uwsgi aren't
    /// @param routes whether what is told of a request is to have its route
    public record Http(
            int maxHeaderBytes,
            int maxHeaderCount,
            int maxUriLength,
            Duration headerTimeout,
            Duration idleTimeout,
            Duration writeTimeout,
            Duration lentTimeout,
            int lentBytes,
            int maxConnections,
            boolean records,
            boolean routes) {}

    public DirectLimits {
        durationBounds = List.copyOf(durationBounds);
        keptPaths = List.copyOf(keptPaths);
    }

    /// The same, with these paths beside those that are kept already.
    public DirectLimits keeping(List<String> paths) {
        List<String> all = new ArrayList<>(keptPaths);
        all.addAll(paths);
        return new DirectLimits(
                maxHeaderBytes,
                maxHeaderCount,
                maxBodyBytes,
                requestTimeout,
                records,
                details,
                durationBounds,
                http,
                all);
    }
}
