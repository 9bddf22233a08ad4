package dev.loomgate.cli.metrics;

import dev.loomgate.loop.OffloadCounts;
import dev.loomgate.server.ServerSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/// Metrics of the server's loops, sockets, limits and certificates.
final class LoopFamilies {
    private static final double NANOS = 1e9;

    private LoopFamilies() {}

    static void write(ServerSnapshot server, Instant now, Exposition page) {
        List<ServerSnapshot.Loop> loops = server.loops();
        page.gauge(
                "loomgate_loop_lag_seconds",
                "How late a loop's timers were at most, in the last 10 to 20 seconds, or are now.");
        for (int i = 0; i < loops.size(); i++) {
            page.value(Labels.of("loop", i), loops.get(i).lag().toNanos() / NANOS);
        }
        page.counter("loomgate_loop_turns_total", "Turns that a loop has taken.");
        each(loops, ServerSnapshot.Loop::turns, page);
        page.gauge("loomgate_microthreads", "Microthreads that live: one for each request, and the application's.");
        each(loops, ServerSnapshot.Loop::microthreads, page);
        page.gauge("loomgate_connections", "Connections that are open.");
        each(loops, ServerSnapshot.Loop::connections, page);
        page.gauge("loomgate_backlog", "Connections that wait in the kernel until somebody accepts them.");
        server.sockets().forEach(socket -> socket.queued().ifPresent(queued -> page.value(listener(socket), queued)));
        page.gauge("loomgate_backlog_max", "How many may wait there: the kernel refuses others (--listen).");
        server.sockets().forEach(socket -> page.value(listener(socket), socket.mostQueued()));
        OffloadCounts blocking = server.blocking();
        page.gauge("loomgate_blocking_threads", "Threads that blocking work may have (--blocking-threads).");
        page.value(Labels.NONE, blocking.threads());
        page.gauge("loomgate_blocking_threads_busy", "How many of them run work.");
        page.value(Labels.NONE, blocking.busy());
        page.gauge("loomgate_blocking_queue", "Blocking work that waits for a thread.");
        page.value(Labels.NONE, blocking.queued());
        page.gauge("loomgate_blocking_queue_max", "How much may wait; more is refused (--blocking-queue).");
        page.value(Labels.NONE, blocking.mostQueued());
        page.counter("loomgate_blocking_done_total", "Blocking work that has ended.");
        page.value(Labels.NONE, blocking.done());
        page.counter("loomgate_blocking_refused_total", "Blocking work that was refused.");
        page.value(Labels.NONE, blocking.refused());
        page.counter("loomgate_limit_hits_total", "How many times a limit has bitten, by the option that changes it.");
        server.limits().forEach((option, count) -> page.value(Labels.of("option", option), count));
        page.gauge(
                "loomgate_tls_certificate_expiry_seconds",
                "Seconds until a certificate expires; negative when it has.");
        server.certificates().forEach(certificate -> certificate.names().stream()
                .distinct()
                .forEach(name -> page.value(
                        Labels.of("name", name),
                        Duration.between(now, certificate.expires()).toSeconds())));
    }

    private static void each(
            List<ServerSnapshot.Loop> loops, ToLongFunction<ServerSnapshot.Loop> figure, Exposition page) {
        for (int i = 0; i < loops.size(); i++) {
            page.value(Labels.of("loop", i), figure.applyAsLong(loops.get(i)));
        }
    }

    private static Labels listener(ServerSnapshot.Socket socket) {
        return Labels.of("listener", socket.address().place())
                .and("protocol", socket.address().protocol().name().toLowerCase(Locale.ROOT));
    }
}
