package dev.loomgate.cli.dashboard;

import dev.loomgate.cli.live.LiveServer;
import dev.loomgate.toolkit.JsonCodec;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Looks at the server for all pages together: once a second while one is open, and every five seconds
/// for the history. A daemon thread from [#start] to [#close].
final class Ticker implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    private static final long TICK = Duration.ofSeconds(1).toNanos();

    private final LiveServer live;
    private final List<Panel> panels;
    private final History history;
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Viewer> viewers = new ArrayList<>(); // by lock, as what follows
    private byte[] newest = {};
    private long newestAt;
    private boolean closed;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("loomgate-dashboard").unstarted(this::run);

    private Ticker(LiveServer live, List<Panel> panels, History history, int most) {
        this.live = live;
        this.panels = panels;
        this.history = history;
        this.most = most;
    }

    /// @param most pages that may be open at once
    static Ticker start(LiveServer live, List<Panel> panels, History history, int most) {
        Ticker ticker = new Ticker(live, List.copyOf(panels), history, most);
        ticker.thread.start();
        return ticker;
    }

    /// A page more. It gets the newest tick soon. Any thread.
    ///
    /// @return empty if there are as many as may be
    Optional<Viewer> join() {
        Viewer viewer = new Viewer();
        lock.lock();
        try {
            if (viewers.size() >= most) {
                return Optional.empty();
            }
            viewers.add(viewer);
            if (closed) {
                viewer.end();
            } else if (newest.length > 0 && System.nanoTime() - newestAt < TICK) {
                viewer.show(newest);
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
        return Optional.of(viewer);
    }

    /// It is closed. Any thread.
    void leave(Viewer viewer) {
        lock.lock();
        try {
            viewers.remove(viewer);
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
                boolean watched = !viewers.isEmpty();
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
        show(Events.frame("message", JsonCodec.jackson().write(tick)));
    }

    private void show(byte[] frame) {
        lock.lock();
        try {
            newest = frame;
            newestAt = System.nanoTime();
            viewers.forEach(viewer -> viewer.show(frame));
        } finally {
            lock.unlock();
        }
    }

    /// Ends all streams.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            viewers.forEach(Viewer::end);
        } finally {
            lock.unlock();
        }
        thread.interrupt();
    }
}
