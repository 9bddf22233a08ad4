package dev.loomgate.loop.carriers;

import dev.loomgate.loop.timers.JdkTimers;
import dev.loomgate.loop.timers.TimerService;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// The loop side on a platform thread, microthreads elsewhere: on the JDK's scheduler or on a pool.
///
/// Waking, sleeping and waiting are the same as with [LoopCarrier], at the price of a hop between OS threads each;
/// but two microthreads of one loop may run at the same time. A lock that a microthread holds can't hang the loop,
/// because the two never share an OS thread.
public final class JdkCarrier implements Carrier {
    private final Thread thread;
    private final Executor fromLoopSide;
    private final Executor fromElsewhere;
    private final JdkTimers timers;

    /// @param fromLoopSide runs what the loop side starts
    /// @param fromElsewhere runs what microthreads and timers start
    public JdkCarrier(String name, Runnable loopSide, Executor fromLoopSide, Executor fromElsewhere, JdkTimers timers) {
        this.timers = timers;
        this.thread = Thread.ofPlatform().name(name).unstarted(loopSide);
        this.fromLoopSide = fromLoopSide;
        this.fromElsewhere = fromElsewhere;
    }

    /// One new virtual thread of the JDK's for each task.
    public static Executor virtualThreads() {
        return task -> Thread.ofVirtual().inheritInheritableThreadLocals(false).start(task);
    }

    @Override
    public Thread loopThread() {
        return thread;
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public @Nullable Thread prepare(Runnable microthread) {
        return null; // one of the executor's, which is known when it runs
    }

    @Override
    public void start(Runnable microthread, @Nullable Thread prepared) {
        (Thread.currentThread() == thread ? fromLoopSide : fromElsewhere).execute(microthread);
    }

    @Override
    public boolean enter() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void leave() {}

    @Override
    public boolean runSoon(Runnable change) {
        return false;
    }

    @Override
    public TimerService timers() {
        return timers;
    }

    @Override
    public void expireTimers(long nowNanos) {}

    @Override
    public long waitNanos(long nowNanos) {
        return 0; // no limit: JdkTimers' thread wakes what sleeps
    }

    @Override
    public boolean hasReady() {
        return false;
    }

    @Override
    public void runReady() {}

    @Override
    public boolean join(long millis) throws InterruptedException {
        thread.join(millis);
        return !thread.isAlive();
    }
}
