package dev.loomgate.loop.threads;

import dev.loomgate.loop.failures.AfterLoopExecutor;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// What JDK 25 has for custom schedulers of virtual threads, reached by method handles into `java.lang`.
///
/// - `ThreadBuilders.newVirtualThread` takes the scheduler, an [Executor];
/// - `VirtualThread.defaultScheduler()` is the JDK's own;
/// - `Thread.currentCarrierThread()` tells which platform thread carries the caller;
/// - `VirtualThread.carrierThread` tells which one carries another virtual thread, null if none does;
/// - `VirtualThread.scheduler` is the scheduler that a virtual thread was made with, or inherited.
///
/// Nothing is written that the JDK holds final. Needs `--add-opens java.base/java.lang=...`, as [#FLAG] says.
public final class VirtualThreads {
    /// The flag that opens what this class needs, for the module path or the class path, whichever this class came
    /// by.
    public static final String FLAG = "--add-opens java.base/java.lang="
            + (VirtualThreads.class.getModule().isNamed()
                    ? VirtualThreads.class.getModule().getName()
                    : "ALL-UNNAMED");

    private static final String POLLER_MODE = "jdk.pollerMode";

    private static final int NO_THREAD_LOCALS_INHERITED = 1 << 2; // Thread.NO_INHERIT_THREAD_LOCALS

    private static final MethodType THREAD_TYPE =
            MethodType.methodType(Thread.class, Executor.class, String.class, int.class, Runnable.class);
    private static final MethodType CARRIER_TYPE = MethodType.methodType(Thread.class);
    private static final MethodType CARRIER_OF_TYPE = MethodType.methodType(Thread.class, Thread.class);
    private static final MethodType SCHEDULER_OF_TYPE = MethodType.methodType(Executor.class, Thread.class);

    private static final MethodHandle NEW_THREAD;
    private static final MethodHandle CURRENT_CARRIER;
    private static final MethodHandle CARRIER_OF;
    private static final MethodHandle SCHEDULER_OF;
    private static final Executor DEFAULT_SCHEDULER;
    private static final @Nullable Throwable CLOSED;

    static {
        // Nobody calls them where java.lang is closed; see closed().
        MethodHandle newThread = MethodHandles.empty(THREAD_TYPE);
        MethodHandle currentCarrier = MethodHandles.empty(CARRIER_TYPE);
        MethodHandle carrierOf = MethodHandles.empty(CARRIER_OF_TYPE);
        MethodHandle schedulerOf = MethodHandles.empty(SCHEDULER_OF_TYPE);
        Executor defaultScheduler = AfterLoopExecutor.EXECUTOR;
        Throwable closed = null;
        try {
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup());
            newThread =
                    lookup.findStatic(lookup.findClass("java.lang.ThreadBuilders"), "newVirtualThread", THREAD_TYPE);
            currentCarrier = lookup.findStatic(Thread.class, "currentCarrierThread", CARRIER_TYPE);
            Class<?> virtualThread = lookup.findClass("java.lang.VirtualThread");
            MethodHandles.Lookup ofVirtualThread = MethodHandles.privateLookupIn(virtualThread, MethodHandles.lookup());
            carrierOf = ofVirtualThread
                    .findGetter(virtualThread, "carrierThread", Thread.class)
                    .asType(CARRIER_OF_TYPE);
            schedulerOf = ofVirtualThread
                    .findGetter(virtualThread, "scheduler", Executor.class)
                    .asType(SCHEDULER_OF_TYPE);
            defaultScheduler = (Executor) ofVirtualThread
                    .findStatic(virtualThread, "defaultScheduler", MethodType.methodType(Executor.class))
                    .invokeExact();
        } catch (Throwable e) {
            closed = e;
        }
        NEW_THREAD = newThread;
        CURRENT_CARRIER = currentCarrier;
        CARRIER_OF = carrierOf;
        SCHEDULER_OF = schedulerOf;
        DEFAULT_SCHEDULER = defaultScheduler;
        CLOSED = closed;
    }

    private VirtualThreads() {}

    /// Why virtual threads can't have a scheduler of ours here; null if they can.
    public static @Nullable Throwable closed() {
        return CLOSED;
    }

    /// A virtual thread that `scheduler` runs, not started yet.
    ///
    /// The JDK calls `scheduler.execute(continuation)`, pinned, each time the thread becomes ready: no lock and no
    /// wait in it, and it must not reject, or the thread is lost. So it does for the virtual threads that this one
    /// starts, which inherit the scheduler.
    public static Thread newThread(Executor scheduler, Runnable task) {
        try {
            return (Thread) NEW_THREAD.invokeExact(scheduler, "", NO_THREAD_LOCALS_INHERITED, task);
        } catch (Throwable e) {
            throw new LinkageError("virtual threads take no scheduler here", e);
        }
    }

    /// The JDK's own scheduler of virtual threads.
    public static Executor defaultScheduler() {
        return DEFAULT_SCHEDULER;
    }

    /// The platform thread that the caller runs on.
    public static Thread currentCarrier() {
        try {
            return (Thread) CURRENT_CARRIER.invokeExact();
        } catch (Throwable e) {
            throw new LinkageError("Thread.currentCarrierThread is not available here", e);
        }
    }

    /// The platform thread that a virtual thread runs on now; null if it doesn't run.
    public static @Nullable Thread carrierOf(Thread virtualThread) {
        try {
            return (Thread) CARRIER_OF.invokeExact(virtualThread);
        } catch (Throwable e) {
            throw new LinkageError("VirtualThread.carrierThread is not available here", e);
        }
    }

    /// The scheduler of the calling thread; null if it is no virtual thread, or where `java.lang` is closed.
    public static @Nullable Executor currentScheduler() {
        Thread current = Thread.currentThread();
        if (!current.isVirtual()) {
            return null;
        }
        try {
            return (Executor) SCHEDULER_OF.invokeExact(current);
        } catch (Throwable e) {
            throw new LinkageError("VirtualThread.scheduler is not available here", e);
        }
    }

    /// Starts the JDK's socket pollers, so that no microthread runs their static initialiser.
    ///
    /// They are to be platform threads, unless the operator has set `jdk.pollerMode`. By default they are virtual
    /// threads on the JDK's carriers: where an application's own virtual threads compute on all of these, a
    /// microthread that waits for a socket would wait for them, too.
    public static void startPollers() throws InterruptedException {
        if (System.getProperty(POLLER_MODE) == null) {
            System.setProperty(POLLER_MODE, "1"); // read once, by Poller's initialiser
        }
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        Class.forName("sun.nio.ch.Poller");
                    } catch (ClassNotFoundException e) {
                        // Another JDK: it has no such class, and no such inheritance either.
                    }
                })
                .join();
    }
}
