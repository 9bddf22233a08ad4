package dev.loomgate.server;

import java.util.List;
import java.util.OptionalInt;

/// A server at a moment: figures for statistics of any format.
///
/// @param sockets in the order of [Server.Builder#listen]
/// @param loops in their order
public record ServerSnapshot(List<Socket> sockets, List<Loop> loops) {
    public ServerSnapshot {
        sockets = List.copyOf(sockets);
        loops = List.copyOf(loops);
    }

    /// A place where it listens.
    ///
    /// @param queued connections that wait in the kernel until somebody accepts them; empty where that can't be
    /// told
    /// @param mostQueued how many may; the kernel refuses others
    public record Socket(ListenAddress address, OptionalInt queued, int mostQueued) {}

    /// A loop, and what it has done of what the server knows of.
    ///
    /// @param connections that are open
    /// @param requests that are over; 0 where they aren't counted ([Server.Builder#countRequests]), as in what
    /// follows
    /// @param errors those of them whose status was 500
    /// @param sentBytes of their content
    /// @param runningNanos that they have taken together
    /// @param running requests, the oldest first
    public record Loop(
            int connections,
            long requests,
            long errors,
            long sentBytes,
            long runningNanos,
            List<RunningRequest> running) {
        public Loop {
            running = List.copyOf(running);
        }
    }
}
