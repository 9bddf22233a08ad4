package dev.loomgate.loop;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/// What JDK 25 has for custom schedulers of virtual threads, reached by method handles into `java.lang`.
///
/// - `ThreadBuilders.VirtualThreadBuilder` has a constructor that takes the scheduler, an [Executor];
/// - `Thread.currentCarrierThread()` tells which platform thread carries the caller;
/// - `VirtualThread.carrierThread` tells which one carries another virtual thread, null if none does.
///
/// Nothing is written that the JDK holds final. Needs `--add-opens java.base/java.lang=...`, as [#FLAG] says.
final class VirtualThreads {
    /// The flag that opens what this class needs, for the module path or the class path, whichever this class came
    /// by.
    static final String FLAG = "--add-opens java.base/java.lang="
            + (VirtualThreads.class.getModule().isNamed()
                    ? VirtualThreads.class.getModule().getName()
                    : "ALL-UNNAMED");

    private static final MethodType BUILDER_TYPE =
            MethodType.methodType(Thread.Builder.OfVirtual.class, Executor.class);
    private static final MethodType CARRIER_TYPE = MethodType.methodType(Thread.class);
    private static final MethodType CARRIER_OF_TYPE = MethodType.methodType(Thread.class, Thread.class);

    private static final MethodHandle NEW_BUILDER;
    private static final MethodHandle CURRENT_CARRIER;
    private static final MethodHandle CARRIER_OF;
    private static final @Nullable Throwable CLOSED;

    static {
        // Nobody calls them where java.lang is closed; see closed().
        MethodHandle newBuilder = MethodHandles.empty(BUILDER_TYPE);
        MethodHandle currentCarrier = MethodHandles.empty(CARRIER_TYPE);
        MethodHandle carrierOf = MethodHandles.empty(CARRIER_OF_TYPE);
        Throwable closed = null;
        try {
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup());
            Class<?> builder = lookup.findClass("java.lang.ThreadBuilders$VirtualThreadBuilder");
            newBuilder = lookup.findConstructor(builder, MethodType.methodType(void.class, Executor.class))
                    .asType(BUILDER_TYPE);
            currentCarrier = lookup.findStatic(Thread.class, "currentCarrierThread", CARRIER_TYPE);
            Class<?> virtualThread = lookup.findClass("java.lang.VirtualThread");
            carrierOf = MethodHandles.privateLookupIn(virtualThread, MethodHandles.lookup())
                    .findGetter(virtualThread, "carrierThread", Thread.class)
                    .asType(CARRIER_OF_TYPE);
        } catch (ReflectiveOperationException | RuntimeException e) {
            closed = e;
        }
        NEW_BUILDER = newBuilder;
        CURRENT_CARRIER = currentCarrier;
        CARRIER_OF = carrierOf;
        CLOSED = closed;
    }

    private VirtualThreads() {}

    /// Why virtual threads can't have a scheduler of ours here; null if they can.
    static @Nullable Throwable closed() {
        return CLOSED;
    }

    /// A factory of virtual threads that `scheduler` runs.
    ///
    /// The JDK calls `scheduler.execute(continuation)`, pinned, each time a thread becomes ready: no lock and no
    /// wait in it, and it must not reject, or the thread is lost.
    static ThreadFactory factory(Executor scheduler) {
        try {
            return ((Thread.Builder.OfVirtual) NEW_BUILDER.invokeExact(scheduler))
                    .inheritInheritableThreadLocals(false)
                    .factory();
        } catch (Throwable e) {
            throw new LinkageError("virtual threads take no scheduler here", e);
        }
    }

    /// The platform thread that the caller runs on.
    static Thread currentCarrier() {
        try {
            return (Thread) CURRENT_CARRIER.invokeExact();
        } catch (Throwable e) {
            throw new LinkageError("Thread.currentCarrierThread is not to be had here", e);
        }
    }

    /// The platform thread that a virtual thread runs on now; null if it doesn't run.
    static @Nullable Thread carrierOf(Thread virtualThread) {
        try {
            return (Thread) CARRIER_OF.invokeExact(virtualThread);
        } catch (Throwable e) {
            throw new LinkageError("VirtualThread.carrierThread is not to be had here", e);
        }
    }

    /// Starts the JDK's socket pollers on its own scheduler.
    ///
    /// They are virtual threads that inherit the scheduler of the first virtual thread that touches a socket: if
    /// that were a microthread, one loop would carry the pollers of the whole process.
    static void startPollers() throws InterruptedException {
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
