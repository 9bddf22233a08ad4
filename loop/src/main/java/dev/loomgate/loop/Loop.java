package dev.loomgate.loop;

import dev.loomgate.loop.carriers.Carrier;
import dev.loomgate.loop.failures.Failures;
import dev.loomgate.loop.timers.LimitTimer;
import dev.loomgate.loop.timers.SleepTimer;
import dev.loomgate.loop.timers.TimerService;
import dev.loomgate.loop.waiting.Deadline;
import dev.loomgate.loop.watch.LiveMicrothread;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ManualIoEventLoop;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.internal.ThreadExecutorMap;
import java.time.Duration;
import java.util.ArrayDeque;
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
/// A turn: expire timers, do what microthreads handed over (their writes), wait for I/O and handle it, run each
/// microthread that is ready until it waits. User code runs in microthreads only, so it may block; what runs on
/// the *loop side* is the server's own code, and never blocks.
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
    private static final long LONGEST_NANOS = Long.MAX_VALUE / 4;

    private final LoopGroup group;
    private final String name;
    private final Carrier carrier;
    private final IoLoop io;
    private final Registry registry = new Registry();
    private final Failures failures;

    // The loop's OS thread only, between enter and leave: the loop side, and under the engine LOOP its microthreads.
    private final ArrayDeque<Runnable> handedOver = new ArrayDeque<>(1024);
    private final Unhurried unhurried = new Unhurried(this);
    private boolean handlingIo;

    private volatile long nowNanos = System.nanoTime();

    Loop(LoopGroup group, String name, Carrier.Factory carriers, IoHandlerFactory ioHandlers) {
        this.group = group;
        this.name = name;
        this.failures = new Failures(name);
        this.carrier = carriers.create(name, this::loopSide, this::wakeIo, this::wakeIoIfWaiting);
        this.io = new IoLoop(carrier.loopThread(), ioHandlers);
    }

    /// Netty's part of the loop: channels, their readiness, and tasks that other threads enter.
    private final class IoLoop extends ManualIoEventLoop {
        IoLoop(Thread owner, IoHandlerFactory ioHandlers) {
            super(owner, ioHandlers);
        }

        Loop loop() {
            return Loop.this;
        }

        // Asked once more after the I/O handler has announced that it will wait: see LoopCarrier on lost wake-ups.
        @Override
        protected boolean canBlock() {
            return handedOver.isEmpty() && !carrier.hasReady();
        }
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
    public Timer callLater(Duration delay, Runnable callback) {
        CallbackTimer timer = new CallbackTimer(this, carrier.timers(), deadline(delay), callback);
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

    /// Waits for `duration` while the loop runs others; one that isn't positive only lets others have their turn.
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
            SleepTimer sleep = new SleepTimer(timers, deadline(duration));
            timers.add(sleep);
            sleep.await();
        }
    }

    /// Waits until the stage is complete.
    ///
    /// @return its result
    /// @throws Exception the very exception that the stage failed with, not wrapped; or InterruptedException
    public static <T extends @Nullable Object> T await(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            while (cause instanceof CompletionException && cause.getCause() != null) {
                cause = cause.getCause();
            }
            throw Microthread.<RuntimeException>unchecked(cause == null ? e : cause);
        }
    }

    /// Runs `body` here and interrupts it when `limit` is over.
    ///
    /// @return what the body returns, also where it comes late because it doesn't heed the interrupt
    /// @throws TimeoutException if the body was interrupted by the limit
    /// @throws Exception what the body throws
    public static <T extends @Nullable Object> T timeout(Duration limit, Callable<T> body) throws Exception {
        Microthread me = Microthread.currentOrNull();
        Deadline deadline = new Deadline(me == null ? null : me.deadline);
        if (me == null) {
            CompletableFuture.delayedExecutor(limit.toNanos(), TimeUnit.NANOSECONDS)
                    .execute(deadline::pass);
            return limited(limit, body, deadline);
        }
        LimitTimer timer = new LimitTimer(me.loop().carrier.timers(), deadline(limit), deadline);
        me.deadline = deadline;
        me.loop().carrier.timers().add(timer);
        try {
            return limited(limit, body, deadline);
        } finally {
            timer.cancel();
            me.deadline = deadline.outer();
        }
    }

    private static <T extends @Nullable Object> T limited(Duration limit, Callable<T> body, Deadline deadline)
            throws Exception {
        T result;
        try {
            result = body.call();
        } catch (InterruptedException e) {
            throw deadline.finish() ? new TimeoutException("not done within " + limit) : e;
        } catch (Throwable e) {
            deadline.finish();
            throw e;
        }
        deadline.finish();
        return result;
    }

    /// Runs blocking work that would hold the loop (files, DNS, processes) on a pool of platform threads, and
    /// waits.
    ///
    /// @return what the work returns
    /// @throws Exception the very exception that the work throws; or InterruptedException, which is passed on to
    /// the work
    public static <T extends @Nullable Object> T offload(Callable<T> blocking) throws Exception {
        Microthread me = Microthread.currentOrNull();
        return me == null ? blocking.call() : me.loop().group.offloadPool().run(blocking);
    }

    private static long deadline(Duration delay) {
        long nanos;
        try {
            nanos = Math.min(delay.toNanos(), LONGEST_NANOS);
        } catch (ArithmeticException e) {
            nanos = LONGEST_NANOS;
        }
        return System.nanoTime() + nanos;
    }

    // the loop side

    /// Netty's event loop, to register channels with. Its thread is the loop side.
    public IoEventLoop io() {
        return io;
    }

    /// What the loop waits with: channels that are registered with [#io] have to be of this kind.
    public Transport transport() {
        return group.transport();
    }

    /// Runs `task` on the loop side, in the order of each caller's calls. Any thread; doesn't wait. From a
    /// microthread of this loop it costs no system call and no atomic operation.
    ///
    /// @throws java.util.concurrent.RejectedExecutionException from another thread, after the loop has ended
    public void execute(Runnable task) {
        if (carrier.enter()) {
            try {
                handedOver.addLast(task);
            } finally {
                carrier.leave();
            }
            wakeIoIfWaiting();
        } else if (!isOwnThread() || !carrier.runSoon(() -> handedOver.addLast(task))) {
            io.execute(task);
        }
    }

    // One whose OS thread the loop has left behind. What it handed over before that, and will hand over when it is
    // back, goes into the plain queue: so must this, or it would overtake or be overtaken.
    private boolean isOwnThread() {
        Microthread me = Microthread.currentOrNull();
        return me == null ? io.inEventLoop() : me.loop() == this;
    }

    /// The loop that a channel is registered with.
    static Loop of(EventLoop io) {
        return ((IoLoop) io).loop();
    }

    /// Runs `task` on the loop side some milliseconds later, with others of its kind. Loop side.
    void unhurried(Runnable task) {
        unhurried.add(task);
    }

    /// Whether the caller is on the loop side.
    public boolean inLoop() {
        return io.inEventLoop();
    }

    /// Runs `task` on the loop side again and again, `period` after it ended. Any thread.
    public Timer every(Duration period, Runnable task) {
        PeriodicTimer timer = new PeriodicTimer(this, carrier.timers(), period.toNanos(), task);
        carrier.timers().add(timer);
        return timer;
    }

    /// When the loop's turn began, in `System.nanoTime()`'s terms: a clock without a call to the system. Any
    /// thread.
    public long nowNanos() {
        return nowNanos;
    }

    private void wakeIo() {
        io.wakeup();
    }

    /// Without an atomic operation where nobody waits. With epoll and io_uring the OS thread itself waits for I/O, so
    /// that nobody is here then; the JDK's selector parks the loop side, and microthreads run meanwhile.
    private void wakeIoIfWaiting() {
        if (handlingIo) {
            io.wakeup();
        }
    }

    private void loopSide() {
        FastThreadLocalThread.runWithFastThreadLocal(() -> {
            // Netty's allocator gives a thread its cache only where it knows the thread's executor.
            ThreadExecutorMap.setCurrentExecutor(io);
            while (!io.isTerminated()) {
                try {
                    turn();
                } catch (Throwable thrown) {
                    failures.log("a turn", thrown);
                }
            }
        });
    }

    private void turn() {
        long now = System.nanoTime();
        nowNanos = now;
        carrier.expireTimers(now);
        for (Runnable task = handedOver.pollFirst(); task != null; task = handedOver.pollFirst()) {
            runSafely(task);
        }
        handlingIo = true;
        try {
            io.run(carrier.hasReady() ? -1 : carrier.waitNanos(now), 0);
        } catch (Throwable thrown) {
            failures.log("I/O", thrown);
        } finally {
            handlingIo = false;
        }
        carrier.runReady();
    }

    void runSafely(Runnable task) {
        try {
            task.run();
        } catch (Throwable thrown) {
            failures.log("a task of the loop side", thrown);
        }
    }

    // looking at it

    /// The number of its microthreads that have begun and not ended. Any thread.
    public int microthreads() {
        return registry.size();
    }

    @Nullable
    ClassLoader contextClassLoader() {
        return group.contextClassLoader();
    }

    Failures failures() {
        return failures;
    }

    Registry registry() {
        return registry;
    }

    List<LiveMicrothread> live() {
        return registry.snapshot().stream()
                .<LiveMicrothread>map(MicrothreadView::new)
                .toList();
    }

    Carrier carrier() {
        return carrier;
    }

    void beginToEnd() {
        io.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    /// The name of its OS thread.
    @Override
    public String toString() {
        return name;
    }
}
