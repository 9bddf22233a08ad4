package dev.loomgate.loop;

import dev.loomgate.loop.timers.SleepTimer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Writes down all microthreads of some loops, since the JDK's own dumps leave them out.
final class Dump {
    private Dump() {}

    static String of(List<Loop> loops) {
        StringBuilder text = new StringBuilder();
        long now = System.nanoTime();
        for (Loop loop : loops) {
            List<Microthread> microthreads = loop.registry().snapshot();
            text.append(loop).append(": ").append(microthreads.size()).append(" microthreads\n");
            for (Microthread microthread : microthreads) {
                append(text, microthread, now);
            }
        }
        return text.toString();
    }

    private static void append(StringBuilder text, Microthread microthread, long now) {
        Thread thread = microthread.thread();
        text.append("  ")
                .append(microthread.subject())
                .append(", ")
                .append(state(thread))
                .append(", age ")
                .append(Duration.ofNanos(Math.max(0, now - microthread.startedNanos))
                        .toMillis())
                .append(" ms\n");
        if (thread != null) {
            appendStack(text, thread.getStackTrace());
        }
    }

    private static String state(@Nullable Thread thread) {
        if (thread == null) {
            return "not yet running";
        }
        return switch (thread.getState()) {
            case NEW, RUNNABLE -> "running";
            case BLOCKED -> "waiting for a monitor";
            case WAITING, TIMED_WAITING ->
                switch (LockSupport.getBlocker(thread)) {
                    case SleepTimer sleep -> "sleeping";
                    case Microthread suspended -> "suspended";
                    case null, default -> "waiting";
                };
            case TERMINATED -> "ended";
        };
    }

    static void appendStack(StringBuilder text, StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            text.append("      at ").append(frame).append('\n');
        }
    }
}
