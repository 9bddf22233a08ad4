package dev.loomgate.cli.dashboard;

import dev.loomgate.cli.live.LiveServer;
import dev.loomgate.toolkit.JsonCodec;
import dev.loomgate.toolkit.events.Event;
import dev.loomgate.toolkit.events.Subscription;
import dev.loomgate.toolkit.events.Topic;
import dev.loomgate.toolkit.events.WhenFull;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Looks at the server for all pages together: once a second while one is open, and every five seconds
/// for the history. A daemon thread from [#start] to [#close].
final class Ticker implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    private static final long TICK = Duration.ofSeconds(1).toNanos();

    private final LiveServer live;
    private final List<Panel> panels;
    private final History history;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Topic ticks;
    private @Nullable Event newest; // by lock, as what follows
    private long newestAt;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("loomgate-dashboard").unstarted(this::run);

    private Ticker(LiveServer live, List<Panel> panels, History history, int most) {
        this.live = live;
        this.panels = panels;
        this.history = history;
        ticks = Topic.builder()
                .queue(1)
                .whenFull(WhenFull.DROP_OLDEST)
                .history(0)
                .maxSubscribers(most)
                .build();
    }

    /// @param most pages that may be open at once
    static Ticker start(LiveServer live, List<Panel> panels, History history, int most) {
        Ticker ticker = new Ticker(live, List.copyOf(panels), history, most);
        ticker.thread.start();
        return ticker;
    }

    /// A page more. A page that reads slowly misses ticks and gets the newest, so it costs the memory of one. To be
    /// closed. Any thread.
    ///
    /// @throws ServiceUnavailable if there are as many as may be
    Subscription join() {
        lock.lock();
        try {
            Subscription page = ticks.subscribe();
            changed.signal();
            return page;
        } finally {
            lock.unlock();
        }
    }

    /// The last tick, if it is still what a page should show. Any thread.
    Optional<Event> newest() {
        lock.lock();
        try {
            return Optional.ofNullable(newest).filter(_ -> System.nanoTime() - newestAt < TICK);
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        long sampleAt = System.nanoTime();
        long tickAt = sampleAt;
        try {
            while (true) {
                boolean watched = awaitDue(sampleAt, tickAt);
                long now = System.nanoTime();
                boolean samples = now - sampleAt >= 0;
                if (samples) {
                    sampleAt = now + History.PERIOD.toNanos();
                }
                tick(samples, watched);
                tickAt = System.nanoTime() + TICK;
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "the dashboard looks no more");
        }
    }

    /// @return whether a page is open
    private boolean awaitDue(long sampleAt, long tickAt) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                boolean watched = ticks.counts().subscribers() > 0;
                long left = (watched ? tickAt : sampleAt) - System.nanoTime();
                if (left <= 0) {
                    return watched;
                }
                changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void tick(boolean samples, boolean watched) throws InterruptedException {
        Map<String, Object> tick = new LinkedHashMap<>();
        tick.put("time", System.currentTimeMillis());
        try {
            LiveServer.Moment moment = live.look();
            if (samples) {
                history.add(moment);
            }
            if (!watched) {
                return;
            }
            Map<String, Object> figures = new LinkedHashMap<>();
            for (Panel panel : panels) {
                figures.put(panel.name(), panel.figures(moment));
            }
            tick.put("panels", figures);
        } catch (IllegalStateException e) {
            // A loop is held, or ends: that is what an operator has come to see.
            tick.put("trouble", String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "the dashboard can't show what it has found", e);
            tick.put("trouble", "the dashboard has failed; the log says why");
        }
        show(Event.of(JsonCodec.jackson().write(tick)).withName("message"));
    }

    private void show(Event tick) {
        lock.lock();
        try {
            newest = tick;
            newestAt = System.nanoTime();
            ticks.publish(tick);
        } finally {
            lock.unlock();
        }
    }

    /// Ends all streams.
    @Override
    public void close() {
        ticks.close();
        thread.interrupt();
    }
}
