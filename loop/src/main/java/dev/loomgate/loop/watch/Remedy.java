package dev.loomgate.loop.watch;

import java.util.function.UnaryOperator;

/// What messages say of a way out.
final class Remedy {
    private Remedy() {}

    /// How work gets a thread of its own, as a sentence without its full stop.
    static String offload(UnaryOperator<String> settingNames) {
        return "Rule.blocking(), Offloaded, environ.offload() and Loop.offload run such work on threads of its own ("
                + settingNames.apply("blockingThreads") + ")";
    }
}
