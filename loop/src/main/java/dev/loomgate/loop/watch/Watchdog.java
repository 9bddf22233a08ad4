package dev.loomgate.loop.watch;

import dev.loomgate.loop.failures.Failures;
import dev.loomgate.loop.failures.OnceInAWhile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/// Looks for microthreads that hold their loop's OS thread: all others on the loop wait for it.
///
/// A thread that looks at each loop's count of turns now and then; the loops themselves only count. After one limit
/// another OS thread takes the loop over. After another the log shows who holds, with the stack at that time, and in
/// the end for how long in all.
///
/// It rests while no microthread has run for a second, and the next one that begins to run on a loop wakes it: a server
/// without requests costs no more than a look a second.
///
/// Threads that requests share, on each engine, it has run a probe where all may be taken: the log shows when none was
/// free for so long, and who has them.
///
/// The thread keeps the JVM alive until [#close]: the loops' OS threads don't, since one that is held would never
/// let it end.
public final class Watchdog implements Runnable {
    private static final Duration SILENCE = Duration.ofSeconds(10);

    // Nobody says when the threads that requests share are taken.
    private static final long REST_NANOS = 1_000_000_000L;

    private final boolean looks;
    private final boolean mayRest;
    private final List<Watch> watches = new ArrayList<>();
    private final Thread thread = Thread.ofPlatform().name("loomgate-watchdog").unstarted(this);
    private volatile boolean closed;

    /// @param loops those that are carried by threads of their own; none on other engines
    /// @param shared threads that requests share
    /// @param holdLimit after that time a hold is logged; zero for never
    /// @param handOver after that time another OS thread takes the loop over; zero for never
    /// @param settingNames what messages call a setting
    public Watchdog(
            List<WatchedLoop> loops,
            List<SharedThreads> shared,
            Duration holdLimit,
            Duration handOver,
            UnaryOperator<String> settingNames) {
        OnceInAWhile places = new OnceInAWhile(SILENCE);
        looks = holdLimit.isPositive() || (handOver.isPositive() && !loops.isEmpty());
        mayRest = !loops.isEmpty(); // whose microthreads wake it
        for (WatchedLoop loop : loops) {
            watches.add(new LoopWatch(loop, holdLimit, handOver, settingNames, places));
        }
        if (holdLimit.isPositive()) {
            Failures failures = new Failures("loops");
            for (SharedThreads each : shared) {
                watches.add(new SharedThreadsWatch(each, holdLimit, SILENCE, settingNames, failures));
            }
        }
    }

    /// Begins to look.
    public void start() {
        thread.start();
    }

    /// Ends the thread.
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void run() {
        while (!closed) {
            if (!looks) {
                LockSupport.park(this);
                continue;
            }
            long nanos = Long.MAX_VALUE;
            for (Watch watch : watches) {
                nanos = Math.min(nanos, watch.look());
            }
            if (mayRest && watches.stream().allMatch(Watch::isQuiet)) {
                rest(nanos);
            } else {
                LockSupport.parkNanos(this, nanos);
            }
        }
    }

    private void rest(long otherwiseNanos) {
        boolean rests = watches.stream().allMatch(Watch::beginRest);
        LockSupport.parkNanos(this, rests ? REST_NANOS : otherwiseNanos);
        watches.forEach(Watch::endRest);
    }
}
