package dev.loomgate.bench.blocking;

import dev.loomgate.gateway.Environ;
import java.util.stream.IntStream;

/// Kinds that use the CPU.
final class Computes {
    private Computes() {}

    private static void compute() {
        long end = System.nanoTime() + Kind.MILLIS * 1_000_000;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }

    static void alone(Place place, Environ environ) {
        compute();
    }

    static void parallelStream(Place place, Environ environ) {
        IntStream.range(0, Runtime.getRuntime().availableProcessors())
                .parallel()
                .forEach(_ -> compute());
    }

    static void inScope(Place place, Environ environ) throws Exception {
        Scopes.run(1, Computes::compute);
    }

    static void inScopeOnAllCarriers(Place place, Environ environ) throws Exception {
        Scopes.run(Runtime.getRuntime().availableProcessors(), Computes::compute);
    }

    static void offloaded(Place place, Environ environ) throws Exception {
        environ.offload().call(() -> {
            compute();
            return 0;
        });
    }
}
