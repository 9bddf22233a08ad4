package dev.loomgate.server;

import dev.loomgate.server.connection.ServerLoop;
import dev.loomgate.server.listen.Listener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/// The order in which a server stops taking requests, so that none which a client could send is lost:
///
/// 1. its sockets can't be reached any more, but what waits in the kernel's queue is accepted; requests are told, so
///    that streams without an end, such as server-sent events, end;
/// 2. when nothing has been accepted for a moment, no process has a request that the server doesn't see, and each loop
///    has looked once more, the sockets are closed;
/// 3. connections end with their current request, idle ones after a moment in which a request on its way arrives;
/// 4. at the limit, what still runs is interrupted; a moment later, what is still open is closed.
final class GracefulStop {
    private static final Logger LOG = System.getLogger("dev.loomgate.server");
    private static final Duration QUIET = Duration.ofMillis(100);
    private static final Duration INTERRUPTED_GRACE = Duration.ofSeconds(2);
    private static final long STEP_MILLIS = 5;

    private final List<Listener> listeners;
    private final List<ServerLoop> serverLoops;
    private final Duration limit;
    private final UnaryOperator<String> settingNames;
    private final long end;

    /// @param settingNames what messages call a setting
    GracefulStop(
            List<Listener> listeners,
            List<ServerLoop> serverLoops,
            Duration limit,
            UnaryOperator<String> settingNames) {
        this.listeners = listeners;
        this.serverLoops = serverLoops;
        this.limit = limit;
        this.settingNames = settingNames;
        this.end = System.nanoTime() + limit.toNanos();
    }

    /// Runs the steps.
    ///
    /// @return whether all requests ended by themselves
    boolean run() {
        listeners.forEach(Listener::hide);
        serverLoops.forEach(loop -> loop.beginStop(limit));
        awaitQuietListeners();
        listeners.forEach(Listener::close);
        boolean graceful = await(end, this::isIdle);
        if (!graceful) {
            int running = serverLoops.stream().mapToInt(ServerLoop::running).sum();
            if (running > 0 && !limit.isZero()) {
                LOG.log(
                        Level.WARNING,
                        "{0} requests still run at the stop''s limit and are interrupted ({1})",
                        running,
                        settingNames.apply("stopTimeout"));
            }
            serverLoops.forEach(ServerLoop::interruptAll);
            await(System.nanoTime() + INTERRUPTED_GRACE.toNanos(), () -> serverLoops.stream()
                    .allMatch(d -> d.running() == 0));
            graceful = running == 0 && listeners.stream().noneMatch(Listener::hasRequestsElsewhere);
        }
        serverLoops.forEach(ServerLoop::closeAll);
        // A request that ignored the interrupt is not waited for again.
        await(System.nanoTime() + INTERRUPTED_GRACE.toNanos(), () -> serverLoops.stream()
                .allMatch(d -> d.connections() == 0));
        return graceful;
    }

    private boolean isIdle() {
        return listeners.stream().noneMatch(Listener::hasRequestsElsewhere) && areLoopsIdle();
    }

    private boolean areLoopsIdle() {
        return serverLoops.stream().allMatch(d -> d.connections() == 0 && d.running() == 0);
    }

    private static boolean hasMore(Listener listener) {
        return listener.isPaused() || listener.hasRequestsElsewhere();
    }

    private void awaitQuietListeners() {
        long arrivals = -1;
        long since = System.nanoTime();
        while (System.nanoTime() - end < 0) {
            long now = listeners.stream().mapToLong(Listener::arrivals).sum();
            if (now != arrivals || listeners.stream().anyMatch(GracefulStop::hasMore)) {
                arrivals = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since >= QUIET.toNanos()) {
                listeners.stream().map(Listener::nextLook).toList().forEach(this::await);
                if (listeners.stream().mapToLong(Listener::arrivals).sum() == arrivals) {
                    return;
                }
            }
            pause();
        }
    }

    private void await(CompletableFuture<Void> look) {
        await(end, look::isDone);
    }

    private static boolean await(long until, BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - until >= 0) {
                return false;
            }
            pause();
        }
        return true;
    }

    private static void pause() {
        try {
            Thread.sleep(STEP_MILLIS);
        } catch (InterruptedException e) {
            // A stop isn't stopped half-way; the interrupt flag is set again afterwards.
            Thread.currentThread().interrupt();
            Thread.onSpinWait();
        }
    }
}
