package dev.loomgate.loop;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Reports a microthread that holds its loop's OS thread for longer than a limit: everybody else on the loop waits
/// for it.
///
/// A thread that looks at each loop's count of turns now and then; the loops themselves only count. Each hold is
/// reported once, with the stack that the microthread has at that time.
final class Watchdog implements Runnable {
    private static final Logger LOG = System.getLogger("dev.loomgate.loop");
    private static final int LOOKS_PER_LIMIT = 5;

    private final List<Loop> loops;
    private final Duration limit;
    private final Seen[] seen;
    private final Thread thread;
    private volatile boolean closed;

    /// What was seen of a loop at the last look.
    private static final class Seen {
        long turns = -1;
        long sinceNanos;
        boolean reported;
    }

    Watchdog(List<Loop> loops, Duration limit) {
        this.loops = List.copyOf(loops);
        this.limit = limit;
        this.seen = new Seen[loops.size()];
        for (int i = 0; i < seen.length; i++) {
            seen[i] = new Seen();
        }
        this.thread = Thread.ofPlatform().daemon().name("loomgate-watchdog").unstarted(this);
    }

    void start() {
        if (limit.isPositive()) {
            thread.start();
        }
    }

    void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void run() {
        long lookNanos = Math.max(1_000_000, limit.toNanos() / LOOKS_PER_LIMIT);
        while (!closed) {
            LockSupport.parkNanos(this, lookNanos);
            for (int i = 0; i < seen.length; i++) {
                if (loops.get(i).carrier() instanceof LoopCarrier carrier) {
                    lookSafely(loops.get(i), carrier, seen[i]);
                }
            }
        }
    }

    private void lookSafely(Loop loop, LoopCarrier carrier, Seen last) {
        try {
            look(loop, carrier, last);
        } catch (Throwable thrown) {
            loop.failures().log("the watchdog", thrown);
        }
    }

    private void look(Loop loop, LoopCarrier carrier, Seen last) {
        long now = System.nanoTime();
        long turns = carrier.turns();
        if (turns != last.turns || !carrier.inMicrothread()) {
            last.turns = turns;
            last.sinceNanos = now;
            last.reported = false;
        } else if (!last.reported && now - last.sinceNanos >= limit.toNanos()) {
            last.reported = true;
            report(loop, carrier, now - last.sinceNanos);
        }
    }

    private void report(Loop loop, LoopCarrier carrier, long heldNanos) {
        for (Microthread microthread : loop.registry().snapshot()) {
            Thread thread = microthread.thread();
            if (thread != null && VirtualThreads.carrierOf(thread) == carrier.osThread()) {
                StringBuilder stack = new StringBuilder();
                Dump.appendStack(stack, thread.getStackTrace());
                LOG.log(
                        Level.WARNING,
                        "{0} has been held for {1} ms, over {2} ms (--hold-limit), by: {3}\n{4}",
                        loop,
                        Duration.ofNanos(heldNanos).toMillis(),
                        limit.toMillis(),
                        microthread.subject(),
                        stack);
                return;
            }
        }
    }
}
