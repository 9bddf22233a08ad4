package dev.loomgate.loop;

import dev.loomgate.loop.timers.SleepTimer;
import dev.loomgate.loop.watch.LiveMicrothread;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A microthread as a dump and the watchdog see it.
record MicrothreadView(Microthread microthread) implements LiveMicrothread {
    @Override
    public Object subject() {
        return microthread.subject();
    }

    @Override
    public @Nullable Thread thread() {
        return microthread.thread();
    }

    @Override
    public long startedNanos() {
        return microthread.startedNanos;
    }

    @Override
    public String state() {
        Thread thread = microthread.thread();
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
}
