package dev.loomgate.loop.watch;

import dev.loomgate.loop.carriers.OsThread;
import dev.loomgate.loop.failures.OnceInAWhile;
import dev.loomgate.loop.threads.ProcThread;
import dev.loomgate.loop.threads.VirtualThreads;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A microthread that runs on an OS thread without a wait, as the watchdog sees it: most are over before it looks
/// again.
final class Hold {
    private static final Logger LOG = System.getLogger("dev.loomgate.loop");
    private final WatchedLoop loop;
    private final OsThread thread;
    private final long turn;
    private final long sinceNanos;

    private ProcThread.@Nullable Work first;
    private ProcThread.@Nullable Work last;
    private long leftAfterNanos;
    private boolean seen;
    private @Nullable Object reported;

    Hold(WatchedLoop loop, OsThread thread, long turn, long sinceNanos) {
        this.loop = loop;
        this.thread = thread;
        this.turn = turn;
        this.sinceNanos = sinceNanos;
    }

    boolean isMicrothreads() {
        return OsThread.isMicrothreads(turn);
    }

    boolean isOn(OsThread other) {
        return thread == other;
    }

    boolean isOver() {
        return thread.turn() != turn;
    }

    OsThread thread() {
        return thread;
    }

    long turn() {
        return turn;
    }

    long nanos(long now) {
        return now - sinceNanos;
    }

    /// The loop has gone on without it.
    void left(long now) {
        leftAfterNanos = nanos(now);
    }

    /// Whether it is more than a thread that has got no CPU for a while, which shows at two looks: it waits at both
    /// and hasn't run between them, or has run for `ranNanos` since the first.
    boolean isReal(long ranNanos) {
        ProcThread.Work now = thread.work();
        ProcThread.Work before = last;
        last = now;
        if (first == null || before == null) {
            first = now;
            return false;
        }
        if (!now.known()) {
            return true; // nothing is to be found out here
        }
        boolean waits = before.waiting() && now.waiting() && before.ranNanos() == now.ranNanos();
        return waits || now.ranNanos() - first.ranNanos() >= ranNanos;
    }

    /// Whether it has been reported, or is left out of the log since another one at its place was.
    boolean isSeen() {
        return seen;
    }

    /// Logs who holds it, and where; unless another hold at that place was logged not long ago.
    ///
    /// @param settingNames what messages call a setting
    void report(Duration limit, UnaryOperator<String> settingNames, OnceInAWhile places, long now) {
        LiveMicrothread holder = holder();
        Thread carried = holder == null ? null : holder.thread();
        if (holder == null || carried == null) {
            return; // it has ended in this moment
        }
        StackTraceElement[] stack = carried.getStackTrace();
        if (isOver()) {
            return; // the stack may be another's
        }
        seen = true;
        String place = ApplicationFrame.in(stack);
        OptionalLong leftOut = places.say(ApplicationFrame.method(place), now);
        if (leftOut.isEmpty()) {
            return;
        }
        reported = holder.subject();
        StringBuilder text = new StringBuilder();
        text.append(loop.name())
                .append(" has been held for ")
                .append(millis(nanos(now)))
                .append(" ms, over ")
                .append(limit.toMillis())
                .append(" ms (")
                .append(settingNames.apply("holdLimit"))
                .append("), by: ")
                .append(holder.subject())
                .append(", at ")
                .append(place)
                .append(leftOut.getAsLong() == 0 ? "" : ", and " + leftOut.getAsLong() + " times before")
                .append("; ")
                .append(outcome(settingNames))
                .append(". ")
                .append(Remedy.offload(settingNames))
                .append("; ")
                .append(settingNames.apply("engine"))
                .append(" virtual has more than one microthread of a loop run at once\n");
        Dump.appendStack(text, stack);
        LOG.log(Level.WARNING, text.toString());
    }

    private String outcome(UnaryOperator<String> settingNames) {
        if (leftAfterNanos != 0) {
            return "the loop has gone on without it after " + millis(leftAfterNanos) + " ms ("
                    + settingNames.apply("handOver") + ")";
        }
        if (!loop.mayChangeThread()) {
            return "nothing else runs on the loop meanwhile, since io_uring binds it to this OS thread";
        }
        boolean full = loop.carrier().osThreads().isFull();
        return "nothing else runs on the loop meanwhile"
                + (full
                        ? ", and as many OS threads are held already as may be (" + settingNames.apply("heldThreads")
                                + ")"
                        : "");
    }

    /// Logs how long it was, if it was reported.
    void reportEnd(long now) {
        if (reported != null) {
            LOG.log(Level.WARNING, loop.name() + " was held for " + millis(nanos(now)) + " ms in all by: " + reported);
        }
    }

    private @Nullable LiveMicrothread holder() {
        for (LiveMicrothread microthread : loop.microthreads().get()) {
            Thread carried = microthread.thread();
            if (carried != null && VirtualThreads.carrierOf(carried) == thread) {
                return microthread;
            }
        }
        return null;
    }

    private static long millis(long nanos) {
        return Duration.ofNanos(nanos).toMillis();
    }
}
