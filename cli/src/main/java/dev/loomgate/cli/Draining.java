package dev.loomgate.cli;

import dev.loomgate.cli.live.Health;
import dev.loomgate.cli.process.ServiceState;
import dev.loomgate.cli.subscribe.Subscriptions;
import dev.loomgate.server.Server;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Takes a server out of its load balancer, for a while (`ctl drain`) or before its stop.
///
/// ```
///  begins        not ready, goes on accepting: who looks at /-/ready, or is told by a subscription, goes elsewhere
///  after delay   connections are asked to end: Connection: close, GOAWAY; those that come nevertheless, too
///  ends          as before                              (a stop: accepts no more, and ends with its last request)
/// ```
///
/// Any thread. [#beforeStop] waits.
final class Draining implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    private final Server server;
    private final Duration delay;
    private final ServiceState service;
    private final Health health;
    private final Subscriptions subscriptions;

    // All guarded by this.
    private boolean drains;
    private long begun; // by nanoTime, while it drains
    private boolean ended;

    /// @param delay how long it goes on as before when it isn't ready any more
    /// @param subscriptions closed with this
    Draining(Server server, Duration delay, ServiceState service, Health health, Subscriptions subscriptions) {
        this.server = server;
        this.delay = delay;
        this.service = service;
        this.health = health;
        this.subscriptions = subscriptions;
    }

    /// Begins. Does nothing if it drains already.
    ///
    /// @param why for the log
    synchronized void begin(String why) {
        if (drains || ended) {
            return;
        }
        drains = true;
        long now = System.nanoTime();
        begun = now;
        health.drains(true);
        subscriptions.pause(Subscriptions.Pause.DRAIN, true);
        service.drains(true);
        LOG.log(
                Level.INFO,
                "{0}: not ready from now on; connections are asked to end {1} (--drain-delay), until ctl undrain",
                why,
                delay.isZero() ? "at once" : "after " + seconds());
        Thread.ofPlatform().daemon().name("loomgate-drain").start(() -> askToEnd(now));
    }

    /// Ends it: the server is ready again. Does nothing if it doesn't drain.
    ///
    /// @param why for the log
    synchronized void end(String why) {
        if (!drains || ended) {
            return;
        }
        drains = false;
        notifyAll();
        server.endDrain();
        health.drains(false);
        subscriptions.pause(Subscriptions.Pause.DRAIN, false);
        service.drains(false);
        LOG.log(Level.INFO, "{0}: ready again, and connections stay", why);
    }

    /// Has the server announced to routers, or not any more.
    ///
    /// @param why for the log
    void toggleSubscriptions(String why) {
        if (subscriptions.isEmpty()) {
            LOG.log(Level.WARNING, "{0}: there are no subscriptions (--subscribe-to)", why);
        } else {
            LOG.log(Level.INFO, subscriptions.toggle() ? "{0}: subscribes" : "{0}: unsubscribes", why);
        }
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    synchronized boolean isDraining() {
        return drains;
    }

    /// Waits until the server may stop: for what is left of the delay since it hasn't been ready. The caller has said
    /// that it stops.
    ///
    /// @param stop one at once doesn't wait
    synchronized void beforeStop(Signals.Stop stop) throws InterruptedException {
        long since = drains ? begun : System.nanoTime();
        close();
        if (stop.atOnce() || delay.isZero()) {
            return;
        }
        server.suspend(false);
        LOG.log(
                Level.INFO,
                "{0}: not ready from now on; connections are accepted for {1} more (--drain-delay)",
                stop.why(),
                seconds());
        // Nobody ends that: what is to end it at once ends the process.
        await(since, () -> true);
    }

    private void askToEnd(long beginning) {
        try {
            synchronized (this) {
                if (await(beginning, () -> drains && begun == beginning && !ended)) {
                    server.drain();
                }
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "the drain has ended");
        }
    }

    // Whether the delay has passed, and the condition held all the time.
    private boolean await(long since, BooleanSupplier holds) throws InterruptedException {
        while (holds.getAsBoolean()) {
            long left = since + delay.toNanos() - System.nanoTime();
            if (left <= 0) {
                return true;
            }
            // Rounded up: no turn without a wait.
            wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
        }
        return false;
    }

    private String seconds() {
        return BigDecimal.valueOf(delay.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
    }

    /// Nothing drains any more; the server is left as it is.
    @Override
    public synchronized void close() {
        ended = true;
        notifyAll();
        subscriptions.close();
    }
}
