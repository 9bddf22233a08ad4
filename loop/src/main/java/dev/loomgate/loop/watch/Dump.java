package dev.loomgate.loop.watch;

import java.time.Duration;
import java.util.List;

/// All microthreads of a loop as text, since the JDK's own dumps leave them out.
public final class Dump {
    private Dump() {}

    /// Appends the microthreads of one loop.
    public static void append(StringBuilder text, String loop, List<LiveMicrothread> microthreads) {
        long now = System.nanoTime();
        text.append(loop)
                .append(": ")
                .append(microthreads.size())
                .append(microthreads.size() == 1 ? " microthread\n" : " microthreads\n");
        for (LiveMicrothread microthread : microthreads) {
            append(text, microthread, now);
        }
    }

    private static void append(StringBuilder text, LiveMicrothread microthread, long now) {
        text.append("  ")
                .append(microthread.subject())
                .append(", ")
                .append(microthread.state())
                .append(", age ")
                .append(Duration.ofNanos(Math.max(0, now - microthread.startedNanos()))
                        .toMillis())
                .append(" ms\n");
        Thread thread = microthread.thread();
        if (thread != null) {
            appendStack(text, thread.getStackTrace());
        }
    }

    static void appendStack(StringBuilder text, StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            text.append("      at ").append(frame).append('\n');
        }
    }
}
