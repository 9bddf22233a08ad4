package dev.loomgate.loop.carriers;

import dev.loomgate.loop.timers.TimerService;
import org.jspecify.annotations.Nullable;

/// The OS thread of one loop, and where that loop's microthreads run.
///
/// The only place that knows how virtual threads are carried, since the JDK's own API for custom schedulers is
/// still moving: [LoopCarrier] is built on what JDK 25 has, [JdkCarrier] on the JDK's public API alone.
public sealed interface Carrier permits LoopCarrier, JdkCarrier {
    /// Makes the carrier of one loop.
    @FunctionalInterface
    interface Factory {
        /// @param wakeIo ends the I/O handler's wait; for other threads, mustn't wait
        /// @param wakeIoIfWaiting the same for the loop's own OS thread
        Carrier create(String name, Runnable loopSide, Runnable wakeIo, Runnable wakeIoIfWaiting);
    }

    /// The thread that runs the loop side; to be told to Netty before [#start].
    Thread loopThread();

    /// Starts the OS thread, and the loop side on it. When the loop side has ended, so does the OS thread.
    void start();

    /// Makes the thread that will run a microthread. Any thread.
    ///
    /// @return null if it isn't known before the microthread runs
    @Nullable
    Thread prepare(Runnable microthread);

    /// Makes the microthread run. Any thread.
    ///
    /// @param prepared what [#prepare] returned for it
    void start(Runnable microthread, @Nullable Thread prepared);

    /// Begins a stretch that touches what the loop's OS thread owns. Must not wait until [#leave], and be short.
    ///
    /// @return whether the calling thread runs on the loop's OS thread, on the loop side or in a microthread; if
    /// not, nothing has begun
    boolean enter();

    /// Ends the stretch.
    void leave();

    /// Has the loop's OS thread run `change` soon, before anything that the caller does there itself once it is
    /// back. For the loop's own threads, if they are not on its OS thread.
    ///
    /// @return false, with nothing done, if this carrier knows no such threads
    boolean runSoon(Runnable change);

    /// The timers of this loop.
    TimerService timers();

    /// Expires the timers that are due and are this thread's to expire. Loop side only.
    void expireTimers(long nowNanos);

    /// How long the I/O handler may wait before a timer is due: `ManualIoEventLoop.run`'s argument. Loop side
    /// only.
    long waitNanos(long nowNanos);

    /// Whether a microthread is ready to run on the loop's OS thread. Loop side only.
    boolean hasReady();

    /// Lets the microthreads that are ready run on the loop's OS thread, each until it waits. Loop side only.
    void runReady();

    /// Waits for the end of the OS thread.
    ///
    /// @return whether it has ended
    boolean join(long millis) throws InterruptedException;
}
