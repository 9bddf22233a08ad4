package dev.loomgate.loop.carriers;

import dev.loomgate.loop.settings.Engine;
import dev.loomgate.loop.threads.ThreadPools;
import dev.loomgate.loop.threads.VirtualThreads;
import dev.loomgate.loop.timers.JdkTimers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Makes the carriers of a group's loops, which are all of one engine, and holds the threads that these share where
/// the engine has such.
public final class Carriers {
    private static final Logger LOG = System.getLogger("dev.loomgate.loop");

    private final Engine engine;
    private final int heldThreads;
    private final @Nullable ThreadPools threads;
    private final @Nullable JdkTimers timers;

    /// @param wanted the engine, if it is available
    /// @param threads of the engine `THREADS`, how many what the loop side starts may take
    /// @param heldThreads of the engine `LOOP`, how many OS threads of a loop microthreads may hold at a time
    public Carriers(Engine wanted, int threads, int heldThreads) {
        this.engine = available(wanted);
        this.heldThreads = heldThreads;
        this.threads = engine == Engine.THREADS ? new ThreadPools(threads) : null;
        this.timers = engine == Engine.LOOP ? null : new JdkTimers();
    }

    private static Engine available(Engine wanted) {
        if (wanted == Engine.LOOP && VirtualThreads.closed() != null) {
            LOG.log(
                    Level.WARNING,
                    "microthreads run on the JDK''s scheduler, not on their loop''s thread: to change that, give java {0}",
                    VirtualThreads.FLAG);
            return Engine.VIRTUAL;
        }
        return wanted;
    }

    /// The engine that is in force: `VIRTUAL` where `LOOP` was wanted and is unavailable.
    public Engine engine() {
        return engine;
    }

    /// Makes the carrier of one loop.
    public Carrier.Factory factory() {
        JdkTimers shared = timers;
        if (shared == null) {
            return (name, loopSide, wakeIo, wakeIoIfWaiting) ->
                    new LoopCarrier(name, heldThreads, loopSide, wakeIo, wakeIoIfWaiting);
        }
        Executor limited = threads == null ? JdkCarrier.virtualThreads() : threads.limited();
        Executor beyond = threads == null ? limited : threads.beyond();
        return (name, loopSide, wakeIo, wakeIoIfWaiting) -> new JdkCarrier(name, loopSide, limited, beyond, shared);
    }

    /// The pool of the engine `THREADS`, which what the loop side starts shares; null on other engines.
    public @Nullable Executor pool() {
        return threads == null ? null : threads.limited();
    }

    /// Begins what the carriers need before the first of them starts.
    public void start() {
        if (engine == Engine.LOOP) {
            try {
                VirtualThreads.startPollers();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Ends the threads that they share, once the loops have ended.
    public void close() {
        if (threads != null) {
            threads.close();
        }
        if (timers != null) {
            timers.close();
        }
    }
}
