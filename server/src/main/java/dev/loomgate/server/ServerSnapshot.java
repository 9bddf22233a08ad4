package dev.loomgate.server;

import dev.loomgate.gateway.direct.DirectSeries;
import dev.loomgate.loop.OffloadCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A server at a moment: figures for statistics of any format.
///
/// @param sockets in the order of [Server.Builder#listen]
/// @param loops in their order
/// @param blocking the threads for blocking work
/// @param limits how many times each limit has bitten since the start, by what messages call its setting
/// @param requests what is measured of requests; empty where nothing is ([Server.Builder#measureRequests])
/// @param certificates of the listeners for HTTPS
public record ServerSnapshot(
        List<Socket> sockets,
        List<Loop> loops,
        OffloadCounts blocking,
        Map<String, Long> limits,
        Optional<MeasuredRequests> requests,
        List<Certificate> certificates) {
    /// Nanoseconds: the bounds of histograms of durations, as OpenTelemetry advises them.
    public static final List<Long> BOUND_NANOS = Stream.of(
                    5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000)
            .map(millis -> millis * 1_000_000L)
            .toList();

    public ServerSnapshot {
        sockets = List.copyOf(sockets);
        loops = List.copyOf(loops);
        limits = Collections.unmodifiableMap(new TreeMap<>(limits));
        certificates = List.copyOf(certificates);
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
    /// @param microthreads that live
    /// @param turns that it has taken
    /// @param lag how late it was at most, of late: its timers, in the last 10 to 20 seconds, or now
    public record Loop(
            int connections,
            long requests,
            long errors,
            long sentBytes,
            long runningNanos,
            List<RunningRequest> running,
            int microthreads,
            long turns,
            Duration lag) {
        public Loop {
            running = List.copyOf(running);
        }
    }

    /// What is measured of requests, over all loops.
    ///
    /// @param durations each route and kind once
    /// @param active by methods and schemes; without those that processes have taken themselves
    /// @param directActive those
    /// @param beyondRoutes requests whose route was beyond the limit of routes
    /// @param sentBytes of content that the server has written, by loops
    public record MeasuredRequests(
            List<RequestDurations> durations,
            List<ActiveRequests> active,
            int directActive,
            long beyondRoutes,
            List<Long> sentBytes) {
        public MeasuredRequests {
            durations = List.copyOf(durations);
            active = List.copyOf(active);
            sentBytes = List.copyOf(sentBytes);
        }
    }

    /// How long requests of one route and one kind took: a histogram.
    ///
    /// @param method one that is known, or `_OTHER`
    /// @param route the template by which the application has routed them; empty where it hasn't said so,
    ///     `_OTHER` for those beyond the limit
    /// @param status that was sent, or 499 where the client left before there was one; 0 where it isn't told
    /// @param protocol the version, `1.1`; empty for another one than those of HTTP
    /// @param scheme `http` or `https`
    /// @param isClientGone whether the client disconnected before the end
    /// @param counts how many took no longer than each of [#BOUND_NANOS] and longer than the one before; at the
    ///     end those that took longer than all
    /// @param nanos that they took together
    public record RequestDurations(
            String method,
            String route,
            int status,
            String protocol,
            String scheme,
            boolean isClientGone,
            List<Long> counts,
            long nanos) {
        public RequestDurations {
            counts = List.copyOf(counts);
        }

        /// Whether another one is of the same route and kind.
        public boolean isLike(RequestDurations other) {
            return method.equals(other.method)
                    && route.equals(other.route)
                    && status == other.status
                    && protocol.equals(other.protocol)
                    && scheme.equals(other.scheme)
                    && isClientGone == other.isClientGone;
        }

        /// Both together, of the same route and kind.
        public RequestDurations plus(RequestDurations other) {
            return new RequestDurations(
                    method,
                    route,
                    status,
                    protocol,
                    scheme,
                    isClientGone,
                    DirectSeries.sums(counts, other.counts),
                    nanos + other.nanos);
        }
    }

    /// Requests that have begun and not ended.
    public record ActiveRequests(String method, String scheme, long count) {}

    /// A certificate that clients are shown.
    ///
    /// @param names that it is for, as `www.example.org`
    /// @param expires when it is no longer valid
    public record Certificate(List<String> names, Instant expires) {
        public Certificate {
            names = List.copyOf(names);
        }
    }
}
