package dev.loomgate.bench.blocking;

import java.lang.reflect.Method;
import java.util.concurrent.Callable;

/// `StructuredTaskScope`: a preview in JDK 25, which javac refuses and reflection doesn't.
final class Scopes {
    private Scopes() {}

    /// Forks so many children, and joins them.
    static void run(int children, Runnable work) throws Exception {
        Class<?> type = Class.forName("java.util.concurrent.StructuredTaskScope");
        Method fork = type.getMethod("fork", Callable.class);
        try (AutoCloseable scope = (AutoCloseable) type.getMethod("open").invoke(null)) {
            for (int i = 0; i < children; i++) {
                fork.invoke(scope, (Callable<Integer>) () -> {
                    work.run();
                    return 0;
                });
            }
            type.getMethod("join").invoke(scope);
        }
    }
}
