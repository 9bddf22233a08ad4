package dev.loomgate.loop;

/// The OS thread of one loop, and where that loop's microthreads run.
///
/// The only place that knows how virtual threads are carried, since the JDK's own API for custom schedulers is
/// still moving: [LoopCarrier] is built on what JDK 25 has, [JdkCarrier] on the JDK's public API alone.
sealed interface Carrier permits LoopCarrier, JdkCarrier {
    /// The thread that runs the loop side; to be told to Netty before [#start].
    Thread loopThread();

    /// Starts the OS thread, and the loop side on it. When the loop side has ended, so does the OS thread.
    void start();

    /// Makes the microthread run. Any thread.
    void start(Microthread microthread);

    /// Whether the calling thread runs on the loop's OS thread, on the loop side or in a microthread.
    boolean isCurrent();

    /// Whether a microthread is ready to run on the loop's OS thread. Loop side only.
    boolean hasReady();

    /// Lets the microthreads that are ready run on the loop's OS thread, each until it waits. Loop side only.
    void runReady();

    /// The OS thread has ended.
    boolean join(long millis) throws InterruptedException;
}
