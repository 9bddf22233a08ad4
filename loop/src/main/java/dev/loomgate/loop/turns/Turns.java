package dev.loomgate.loop.turns;

import dev.loomgate.loop.Timer;
import dev.loomgate.loop.carriers.Carrier;
import dev.loomgate.loop.failures.Failures;
import dev.loomgate.loop.io.LoopSide;
import dev.loomgate.loop.io.NettyTransport;
import dev.loomgate.loop.settings.Transport;
import dev.loomgate.loop.threads.OffloadPool;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ManualIoEventLoop;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.internal.ThreadExecutorMap;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/// The loop side of one loop: takes its turns.
///
/// A turn: expire timers, do what microthreads handed over (their writes), wait for I/O and handle it, run Netty's
/// tasks for a millisecond at most, run each microthread that is ready until it waits.
public final class Turns implements LoopSide {
    // How long Netty's tasks run before the loop looks at its sockets again: a connection whose client takes what it
    // is sent at once goes on entering its next write as a task.
    private static final long TASKS_NANOS = 1_000_000;

    private final String name;
    private final Transport transport;
    private final Carrier carrier;
    private final IoLoop io;
    private final BooleanSupplier inOwnMicrothread;
    private final Failures failures;
    private final OffloadPool ownPool;

    // The loop's OS thread only, between enter and leave: the loop side, and under the engine LOOP its microthreads.
    private final ArrayDeque<Runnable> handedOver = new ArrayDeque<>(1024);
    private boolean handlingIo;
    private @Nullable LoopTurnEvent sinceIo;

    private volatile boolean over;
    private volatile long nowNanos = System.nanoTime();
    private final AtomicLong turns = new AtomicLong(); // written by the loop side alone

    /// The turns of a loop that hasn't started.
    ///
    /// @param name the loop's
    /// @param inOwnMicrothread whether the caller is a microthread of this loop
    /// @param ownPool runs the server's blocking work
    public Turns(
            String name,
            Transport transport,
            Carrier.Factory carriers,
            BooleanSupplier inOwnMicrothread,
            OffloadPool ownPool) {
        this.name = name;
        this.transport = transport;
        this.inOwnMicrothread = inOwnMicrothread;
        this.failures = new Failures(name);
        this.ownPool = ownPool;
        IoHandlerFactory ioHandlers = NettyTransport.ioHandlerFactory(transport);
        this.carrier = carriers.create(name, this::loopSide, this::wakeIo, this::wakeIoIfWaiting);
        this.io = new IoLoop(carrier.loopThread(), ioHandlers);
    }

    /// Netty's part of the loop: channels, their readiness, and tasks that other threads enter.
    private final class IoLoop extends ManualIoEventLoop implements LoopSide.Io {
        IoLoop(Thread owner, IoHandlerFactory ioHandlers) {
            super(owner, ioHandlers);
        }

        @Override
        public LoopSide side() {
            return Turns.this;
        }

        // Asked once more after the I/O handler has announced that it will wait: see LoopCarrier on lost wake-ups.
        @Override
        protected boolean canBlock() {
            return handedOver.isEmpty() && !carrier.hasReady();
        }
    }

    @Override
    public <T extends @Nullable Object> T runBlocking(Callable<T> work) throws Exception {
        return ownPool.run(work);
    }

    @Override
    public Io io() {
        return io;
    }

    @Override
    public Transport transport() {
        return transport;
    }

    @Override
    public void execute(Runnable task) {
        if (over) {
            throw new RejectedExecutionException("the loop has ended");
        }
        if (carrier.enter()) {
            try {
                handedOver.addLast(task);
            } finally {
                carrier.leave();
            }
            wakeIoIfWaiting();
        } else if (!isOwnThread() || !carrier.runSoon(() -> takeOver(task))) {
            io.execute(task);
        }
    }

    // A task that the loop has not rejected is run: after its end here, since nothing runs on the loop side then.
    private void takeOver(Runnable task) {
        if (over) {
            runSafely(task);
        } else {
            handedOver.addLast(task);
        }
    }

    // One whose OS thread the loop has left behind. What it handed over before that, and will hand over when it is
    // back, goes into the plain queue: so must this, or it would overtake or be overtaken.
    private boolean isOwnThread() {
        return io.inEventLoop() || inOwnMicrothread.getAsBoolean();
    }

    // The first one is done at the beginning of the next turn, after this turn's microthreads; there the second one
    // comes behind what these have handed over.
    @Override
    public void afterMicrothreads(Runnable task) {
        execute(() -> execute(task));
    }

    @Override
    public Timer every(Duration period, Runnable task) {
        PeriodicTimer timer = new PeriodicTimer(this, carrier.timers(), period.toNanos(), task);
        carrier.timers().add(timer);
        return timer;
    }

    @Override
    public boolean inLoop() {
        return io.inEventLoop();
    }

    @Override
    public long nowNanos() {
        return nowNanos;
    }

    @Override
    public long turns() {
        return turns.getOpaque();
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
            // By what has closed the last channels, say.
            runHandedOver();
            over = true;
        });
    }

    private void turn() {
        long now = System.nanoTime();
        nowNanos = now;
        turns.setOpaque(turns.getPlain() + 1);
        carrier.expireTimers(now);
        runHandedOver();
        if (sinceIo != null) {
            sinceIo.over(name);
        }
        handlingIo = true;
        try {
            io.run(carrier.hasReady() ? -1 : carrier.waitNanos(now), TASKS_NANOS);
        } catch (Throwable thrown) {
            failures.log("I/O", thrown);
        } finally {
            handlingIo = false;
        }
        sinceIo = FlightRecorder.isInitialized() ? LoopTurnEvent.begun() : null;
        carrier.runReady();
    }

    private void runHandedOver() {
        for (Runnable task = handedOver.pollFirst(); task != null; task = handedOver.pollFirst()) {
            runSafely(task);
        }
    }

    @Override
    public void runSafely(Runnable task) {
        try {
            task.run();
        } catch (Throwable thrown) {
            failures.log("a task of the loop side", thrown);
        }
    }

    /// What runs the loop side, and the microthreads.
    public Carrier carrier() {
        return carrier;
    }

    /// Logs what fails on this loop.
    public Failures failures() {
        return failures;
    }

    /// Closes its channels, and ends the loop side. Any thread; doesn't wait.
    public void beginToEnd() {
        io.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }
}
