package dev.loomgate.toolkit.events;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/// The thread of a stream's program. Started, ended and asked by the request's.
final class ProgramThread {
    private static final Logger LOG = System.getLogger("dev.loomgate.toolkit");

    private final Work work;
    private final EventQueue queue;
    private final Thread thread;
    private @Nullable Exception failure; // written before the thread's end
    private @Nullable Error error;

    /// What runs in it.
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    private ProgramThread(Work work, EventQueue queue) {
        this.work = work;
        this.queue = queue;
        thread = Thread.ofVirtual().name("events").unstarted(this::run);
    }

    /// @param queue that is finished with it
    static ProgramThread start(Work work, EventQueue queue) {
        ProgramThread started = new ProgramThread(work, queue);
        started.thread.start();
        return started;
    }

    private void run() {
        try {
            work.run();
        } catch (Exception e) {
            if (queue.isFinished()) {
                // Interrupts show as exceptions of all kinds.
                LOG.log(Level.DEBUG, "a program ends with its stream of events", e);
            } else {
                failure = e;
            }
        } catch (Error e) {
            error = e;
        } finally {
            queue.finish();
        }
    }

    /// Interrupts it, and waits for its end; nobody takes its events any more.
    void end() {
        queue.end();
        boolean interrupted = false;
        while (true) {
            thread.interrupt();
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Throws what the program has thrown, unless its stream was over. After [#end].
    void rethrow() throws Exception {
        if (error != null) {
            throw error;
        }
        if (failure != null) {
            throw failure;
        }
    }
}
