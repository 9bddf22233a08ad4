package dev.loomgate.loop;

import dev.loomgate.loop.carriers.Carrier;
import dev.loomgate.loop.failures.Failures;
import dev.loomgate.loop.io.LoopSide;
import dev.loomgate.loop.timers.LimitTimer;
import dev.loomgate.loop.timers.ScheduledTimer;
import dev.loomgate.loop.timers.SleepTimer;
import dev.loomgate.loop.timers.TimerService;
import dev.loomgate.loop.turns.Turns;
import dev.loomgate.loop.waiting.Deadline;
import dev.loomgate.loop.waiting.Rethrow;
import dev.loomgate.loop.watch.LiveMicrothread;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One OS thread that does I/O and runs microthreads in turn: asyncio's loop.
///
/// An application's code runs in microthreads, so it may block: a microthread that waits gives the loop away, and the
/// others go on. What servers do between the microthreads has a face of its own, [#side].
///
/// ```java
/// try (LoopGroup group = LoopGroup.builder().loops(1).start()) {
///     Task<String> greeting = group.next().createTask(() -> {
///         Loop.sleep(Duration.ofSeconds(1));      // parks this microthread; the loop runs others
///         return "Hello world!";
///     });
///     System.out.println(greeting.join());
/// }
/// ```
public final class Loop {
    private final LoopGroup group;
    private final String name;
    private final Turns turns;
    private final Carrier carrier;
    private final Registry registry = new Registry();

    Loop(LoopGroup group, String name, Carrier.Factory carriers) {
        this.group = group;
        this.name = name;
        this.turns = new Turns(name, group.transport(), carriers, this::isCurrent, group.serverPool());
        this.carrier = turns.carrier();
    }

    private boolean isCurrent() {
        Microthread me = Microthread.currentOrNull();
        return me != null && me.loop() == this;
    }

    /// The loop of the microthread that calls.
    ///
    /// @throws IllegalStateException outside a microthread
    public static Loop current() {
        return Microthread.current().loop();
    }

    // starting things: any thread

    /// Starts a microthread of this loop. Any thread.
    ///
    /// @param subject what it is for; its `toString()` is shown in dumps
    /// @param body what it does; an exception that it throws is logged
    public Microthread start(Object subject, Runnable body) {
        Microthread microthread = prepare(subject, body);
        begin(microthread);
        return microthread;
    }

    Microthread prepare(Object subject, Runnable body) {
        return new Microthread(this, subject, body);
    }

    void begin(Microthread microthread) {
        registry.add(microthread);
        Thread prepared = carrier.prepare(microthread);
        if (prepared != null) {
            microthread.runsOn(prepared);
        }
        carrier.start(microthread, prepared);
    }

    void ended(Microthread microthread) {
        registry.remove(microthread);
    }

    /// Runs `callback` in a microthread of its own, soon. Any thread.
    public void callSoon(Runnable callback) {
        start("callSoon", callback);
    }

    /// Runs `callback` in a microthread of its own after `delay`. Any thread.
    ///
    /// A callback that is to run again and again asks for its next time itself:
    /// ```java
    /// void refresh() {
    ///     rates = fetch();            // may wait, like all code in a microthread
    ///     Loop.current().callLater(Duration.ofMinutes(10), this::refresh);
    /// }
    /// ```
    public Timer callLater(Duration delay, Runnable callback) {
        CallbackTimer timer = new CallbackTimer(this, carrier.timers(), ScheduledTimer.deadlineAfter(delay), callback);
        carrier.timers().add(timer);
        return timer;
    }

    /// Runs `body` in a microthread of its own; the task is its result. Any thread.
    public <T extends @Nullable Object> Task<T> createTask(Callable<T> body) {
        Task<T> task = new Task<>();
        task.startOn(this, body);
        return task;
    }

    // waiting: in a microthread; elsewhere the calling thread itself waits

    /// Waits for `duration` while the loop runs others; a duration that isn't positive only yields.
    ///
    /// @throws InterruptedException if interrupted meanwhile
    public static void sleep(Duration duration) throws InterruptedException {
        Microthread me = Microthread.currentOrNull();
        if (me == null) {
            Thread.sleep(duration);
        } else if (!duration.isPositive()) {
            Thread.yield();
        } else {
            TimerService timers = me.loop().carrier.timers();
            SleepTimer sleep = new SleepTimer(timers, ScheduledTimer.deadlineAfter(duration));
            timers.add(sleep);
            sleep.await();
        }
    }

    /// Waits until the stage is complete.
    ///
    /// @return its result
    /// @throws Exception the exception that the stage failed with, not wrapped; or InterruptedException
    public static <T extends @Nullable Object> T await(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            while (cause instanceof CompletionException && cause.getCause() != null) {
                cause = cause.getCause();
            }
            throw Rethrow.<RuntimeException>unchecked(cause == null ? e : cause);
        }
    }

    /// Runs `body` here and interrupts it when `limit` is over.
    ///
    /// @return what the body returns, even if it returns late because it ignores the interrupt
    /// @throws TimeoutException if the body was interrupted by the limit
    /// @throws Exception what the body throws
    public static <T extends @Nullable Object> T timeout(Duration limit, Callable<T> body) throws Exception {
        Microthread me = Microthread.currentOrNull();
        Deadline deadline = new Deadline(me == null ? null : me.deadline);
        if (me == null) {
            CompletableFuture.delayedExecutor(limit.toNanos(), TimeUnit.NANOSECONDS)
                    .execute(deadline::pass);
            return deadline.limit(limit, body);
        }
        LimitTimer timer = new LimitTimer(me.loop().carrier.timers(), ScheduledTimer.deadlineAfter(limit), deadline);
        me.deadline = deadline;
        me.loop().carrier.timers().add(timer);
        try {
            return deadline.limit(limit, body);
        } finally {
            timer.cancel();
            me.deadline = deadline.outer();
        }
    }

    /// Runs blocking work that would hold the loop (files, DNS, processes, embedded databases, computing) on a pool of
    /// platform threads ([LoopGroup.Builder#blockingThreads]), and waits.
    ///
    /// @return what the work returns
    /// @throws java.util.concurrent.RejectedExecutionException if as much work waits as may
    ///     ([LoopGroup.Builder#blockingQueue])
    /// @throws Exception the exception that the work throws, not wrapped; or InterruptedException, which is
    /// passed on to the work
    public static <T extends @Nullable Object> T offload(Callable<T> blocking) throws Exception {
        Microthread me = Microthread.currentOrNull();
        return me == null ? blocking.call() : me.loop().group.offloadPool().run(blocking);
    }

    // for servers

    /// The loop as servers use it: I/O, and tasks that run between the microthreads and must never wait. Its type is
    /// exported to Loomgate's own modules alone.
    public LoopSide side() {
        return turns;
    }

    // looking at it

    /// The number of its microthreads that have begun and not ended. Any thread.
    public int microthreads() {
        return registry.size();
    }

    /// Its microthreads that live now, the newest first. Any thread. Takes a lock that the loop needs,
    /// for one walk; what is asked of each is looked up then.
    public List<LiveMicrothread> live() {
        return registry.snapshot().stream()
                .<LiveMicrothread>map(MicrothreadView::new)
                .toList();
    }

    @Nullable
    ClassLoader contextClassLoader() {
        return group.contextClassLoader();
    }

    long nowNanos() {
        return turns.nowNanos();
    }

    Failures failures() {
        return turns.failures();
    }

    Registry registry() {
        return registry;
    }

    Carrier carrier() {
        return carrier;
    }

    void beginToEnd() {
        turns.beginToEnd();
    }

    /// The name of its OS thread.
    @Override
    public String toString() {
        return name;
    }
}
