package dev.loomgate.loop;

import dev.loomgate.loop.carriers.Carrier;
import dev.loomgate.loop.carriers.Carriers;
import dev.loomgate.loop.carriers.LoopCarrier;
import dev.loomgate.loop.io.NettyTransport;
import dev.loomgate.loop.settings.Engine;
import dev.loomgate.loop.settings.Transport;
import dev.loomgate.loop.threads.OffloadPool;
import dev.loomgate.loop.watch.CommonPool;
import dev.loomgate.loop.watch.Dump;
import dev.loomgate.loop.watch.JdkCarriers;
import dev.loomgate.loop.watch.LiveMicrothread;
import dev.loomgate.loop.watch.RequestThreads;
import dev.loomgate.loop.watch.SharedThreads;
import dev.loomgate.loop.watch.Watchdog;
import dev.loomgate.loop.watch.WatchedLoop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Loops that start and end together, one OS thread each.
///
/// Made by [#builder]; its methods may be called by any thread, [#close] not by one of its own microthreads.
public final class LoopGroup implements AutoCloseable {
    /// The greatest number of loops of a group ([Builder#loops]).
    public static final int MAX_LOOPS = 1024;

    /// The greatest number of platform threads under [Engine#THREADS] ([Builder#threads]), and of held threads
    /// of a loop ([Builder#heldThreads]).
    public static final int MAX_THREADS = 10_000;

    /// The greatest number of [Builder#blockingQueue].
    public static final int MAX_QUEUE = 10_000_000;

    private static final Logger LOG = System.getLogger("dev.loomgate.loop");
    private static final int SERVER_THREADS = 32;
    private static final Duration INTERRUPTED_GRACE = Duration.ofSeconds(2);

    private final Transport transport;
    private final List<Loop> loops = new ArrayList<>();
    private final AtomicInteger next = new AtomicInteger();
    private final OffloadPool offloadPool;
    private final OffloadPool serverPool;
    private final int blockingThreads;
    private final int blockingQueue;
    private final Carriers carriers;
    private final Watchdog watchdog;
    private final @Nullable ClassLoader contextClassLoader =
            Thread.currentThread().getContextClassLoader();

    private LoopGroup(Builder builder) {
        transport = builder.transport;
        blockingThreads = builder.blockingThreads;
        blockingQueue = builder.blockingQueue;
        offloadPool = new OffloadPool("loomgate-offload", blockingThreads, blockingQueue, builder.settingNames);
        serverPool = new OffloadPool("loomgate-files", SERVER_THREADS, Integer.MAX_VALUE, builder.settingNames);
        carriers = new Carriers(builder.engine, builder.threads, builder.heldThreads);
        Carrier.Factory factory = carriers.factory();
        for (int i = 0; i < builder.loops; i++) {
            loops.add(new Loop(this, "loomgate-loop-" + i, factory));
        }
        Duration handOver = NettyTransport.mayChangeThread(transport) ? builder.handOver : Duration.ZERO;
        watchdog = new Watchdog(watched(), sharedThreads(), builder.holdLimit, handOver, builder.settingNames);
    }

    private List<SharedThreads> sharedThreads() {
        List<SharedThreads> shared = new ArrayList<>(List.of(new JdkCarriers(this::live), new CommonPool()));
        Executor pool = carriers.pool();
        if (pool != null) {
            shared.add(new RequestThreads(pool, this::live));
        }
        return shared;
    }

    private List<LiveMicrothread> live() {
        return loops.stream().flatMap(loop -> loop.live().stream()).toList();
    }

    private List<WatchedLoop> watched() {
        List<WatchedLoop> watched = new ArrayList<>();
        for (Loop loop : loops) {
            if (loop.carrier() instanceof LoopCarrier carrier) {
                watched.add(new WatchedLoop(
                        loop.toString(),
                        carrier,
                        NettyTransport.mayChangeThread(transport),
                        loop.failures(),
                        loop::live));
            }
        }
        return watched;
    }

    /// A group to be configured: one loop, the preferred transport, the engine [Engine#LOOP].
    public static Builder builder() {
        return new Builder();
    }

    /// The loops; their number never changes.
    public List<Loop> loops() {
        return List.copyOf(loops);
    }

    /// The next loop, round-robin.
    public Loop next() {
        return loops.get(Math.floorMod(next.getAndIncrement(), loops.size()));
    }

    public Transport transport() {
        return transport;
    }

    /// The engine that is in force: [Engine#VIRTUAL] where `LOOP` was wanted and is unavailable.
    public Engine engine() {
        return carriers.engine();
    }

    @Nullable
    ClassLoader contextClassLoader() {
        return contextClassLoader;
    }

    OffloadPool offloadPool() {
        return offloadPool;
    }

    /// For a server's own short waits for the disk: what applications do doesn't delay them.
    OffloadPool serverPool() {
        return serverPool;
    }

    /// The threads for blocking work, as they are now. Any thread.
    public OffloadCounts offloadCounts() {
        return new OffloadCounts(
                blockingThreads,
                offloadPool.busy(),
                offloadPool.queued(),
                blockingQueue,
                offloadPool.done(),
                offloadPool.refused());
    }

    /// All microthreads, for people to read: loop, subject, state, age and stack of each; and how busy the threads for
    /// blocking work are.
    public String dump() {
        StringBuilder text = new StringBuilder();
        for (Loop loop : loops) {
            Dump.append(text, loop.toString(), loop.live());
        }
        if (offloadPool.busy() > 0 || offloadPool.queued() > 0) {
            text.append("blocking work: %d of %d threads are busy, %d waits\n"
                    .formatted(offloadPool.busy(), blockingThreads, offloadPool.queued()));
        }
        return text.toString();
    }

    /// Waits until all microthreads have ended, interrupts those that haven't after `limit`, and ends the loops.
    ///
    /// Channels that are still open are closed. Once is enough; again does nothing.
    ///
    /// @return whether all microthreads ended by themselves within the limit
    public boolean close(Duration limit) {
        boolean quiet = awaitQuiet(limit);
        if (!quiet) {
            interruptAll();
            awaitQuiet(INTERRUPTED_GRACE);
        }
        loops.forEach(Loop::beginToEnd);
        joinLoops();
        watchdog.close(); // until here it makes way for loops that are held
        carriers.close();
        offloadPool.close();
        serverPool.close();
        return quiet;
    }

    private void joinLoops() {
        long end = System.nanoTime() + INTERRUPTED_GRACE.toNanos();
        try {
            for (Loop loop : loops) {
                long millis = Math.max(1, (end - System.nanoTime()) / 1_000_000);
                if (!loop.carrier().join(millis)) {
                    LOG.log(Level.WARNING, "{0} has not ended: a microthread holds its thread", loop);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Loop loop : loops) {
            for (Microthread left : loop.registry().snapshot()) {
                LOG.log(Level.WARNING, "{0} ended without: {1}", loop, left.subject());
            }
        }
    }

    /// Interrupts all microthreads and ends the loops.
    @Override
    public void close() {
        close(Duration.ZERO);
    }

    /// Interrupts every microthread that lives now.
    public void interruptAll() {
        for (Loop loop : loops) {
            loop.registry().snapshot().forEach(Microthread::interrupt);
        }
    }

    private boolean awaitQuiet(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        for (Loop loop : loops) {
            if (!loop.registry().awaitEmpty(end)) {
                return false;
            }
        }
        return true;
    }

    private void start() {
        carriers.start();
        loops.forEach(loop -> loop.carrier().start());
        watchdog.start();
    }

    /// What a group is made of. Not for use by several threads.
    public static final class Builder {
        private int loops = 1;
        private int threads = 64;
        private Transport transport = Transport.preferred();
        private Engine engine = Engine.LOOP;
        private Duration holdLimit = Duration.ofMillis(500);
        private Duration handOver = Duration.ofMillis(20);
        private int heldThreads = 256;
        private int blockingThreads = 32;
        private int blockingQueue = 10_000;
        private UnaryOperator<String> settingNames = UnaryOperator.identity();

        private Builder() {}

        /// The number of loops, from 1 to [LoopGroup#MAX_LOOPS]; 1 unless set.
        ///
        /// @throws IllegalArgumentException if it is out of range
        public Builder loops(int number) {
            loops = inRange("loops", number, MAX_LOOPS);
            return this;
        }

        /// The number of platform threads that what the loop side starts may take under the engine
        /// [Engine#THREADS], from 1 to [LoopGroup#MAX_THREADS]; 64 unless set.
        ///
        /// @throws IllegalArgumentException if it is out of range
        public Builder threads(int number) {
            threads = inRange("threads", number, MAX_THREADS);
            return this;
        }

        /// [Transport#preferred] unless set.
        ///
        /// @throws IllegalArgumentException if it isn't available, with the reason
        public Builder transport(Transport chosen) {
            chosen.unavailableReason().ifPresent(reason -> {
                throw new IllegalArgumentException("transport " + chosen + " is not available: " + reason);
            });
            transport = chosen;
            return this;
        }

        /// [Engine#LOOP] unless set.
        public Builder engine(Engine chosen) {
            engine = chosen;
            return this;
        }

        /// How long a microthread may hold its loop before the watchdog reports it, or on other engines all threads
        /// may be taken: 500 ms unless set, zero for never. The same limit holds for the threads that requests
        /// of all engines share, the JDK's carriers of virtual threads and its common pool.
        public Builder holdLimit(Duration limit) {
            holdLimit = limit;
            return this;
        }

        /// How long a microthread may hold its loop before another OS thread takes the loop over: 20 ms unless set,
        /// zero for never. The one that held it then goes on beside the others until it waits;
        /// see [Engine#LOOP]. Without effect on other engines, which have no use for it, and with
        /// [Transport#IO_URING], whose ring is bound to its OS thread.
        public Builder handOver(Duration limit) {
            handOver = limit;
            return this;
        }

        /// How many OS threads of each loop may be held at a time by microthreads that the loop has gone on without,
        /// from 1 to [LoopGroup#MAX_THREADS]; 256 unless set.
        ///
        /// @throws IllegalArgumentException if it is out of range
        public Builder heldThreads(int number) {
            heldThreads = inRange("heldThreads", number, MAX_THREADS);
            return this;
        }

        /// How many threads blocking work has ([Loop#offload]), from 1 to [LoopGroup#MAX_THREADS]; 32 unless set.
        ///
        /// @throws IllegalArgumentException if it is out of range
        public Builder blockingThreads(int number) {
            blockingThreads = inRange("blockingThreads", number, MAX_THREADS);
            return this;
        }

        /// How much blocking work may wait for one of these threads, from 1 to [LoopGroup#MAX_QUEUE]; 10,000
        /// unless set. More is refused.
        ///
        /// @throws IllegalArgumentException if it is out of range
        public Builder blockingQueue(int number) {
            blockingQueue = inRange("blockingQueue", number, MAX_QUEUE);
            return this;
        }

        /// What messages call these settings, `holdLimit` and the others: that, unless set.
        public Builder settingNames(UnaryOperator<String> names) {
            settingNames = names;
            return this;
        }

        /// Starts the loops. The caller's context class loader is that of every microthread.
        public LoopGroup start() {
            LoopGroup group = new LoopGroup(this);
            group.start();
            return group;
        }

        private static int inRange(String what, int number, int most) {
            if (number < 1 || number > most) {
                throw new IllegalArgumentException(what + " is " + number + ", not in 1 to " + most);
            }
            return number;
        }
    }
}
