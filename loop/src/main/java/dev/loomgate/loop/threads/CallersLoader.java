package dev.loomgate.loop.threads;

import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/// Work of a pool's thread that has its caller's context class loader, for as long as it runs. The thread itself would
/// keep that of whose work it was started for, long after an application has been replaced by its next version.
final class CallersLoader {
    private CallersLoader() {}

    /// Threads that keep nobody's.
    static ThreadFactory threads(ThreadFactory factory) {
        ClassLoader own = CallersLoader.class.getClassLoader();
        return work -> {
            Thread thread = factory.newThread(work);
            thread.setContextClassLoader(own);
            return thread;
        };
    }

    /// The work, to be run by another thread with the context class loader of this one.
    static <T extends @Nullable Object> Callable<T> with(Callable<T> work) {
        ClassLoader callers = Thread.currentThread().getContextClassLoader();
        return () -> {
            Thread thread = Thread.currentThread();
            ClassLoader own = thread.getContextClassLoader();
            thread.setContextClassLoader(callers);
            try {
                return work.call();
            } finally {
                thread.setContextClassLoader(own);
            }
        };
    }
}
