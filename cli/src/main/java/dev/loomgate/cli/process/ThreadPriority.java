package dev.loomgate.cli.process;

import static dev.loomgate.cli.process.SystemCalls.call;
import static dev.loomgate.cli.process.SystemCalls.check;

import java.io.IOException;

/// How much threads of this process get of a busy machine. Linux's nice value is a thread's own, see setpriority(2) and
/// sched(7).
public final class ThreadPriority {
    private static final int PRIO_PROCESS = 0;

    private ThreadPriority() {}

    /// Sets a thread's nice value.
    ///
    /// @param thread the kernel's number of it
    /// @param nice -20 to 19; only root can set a lower one than it has
    /// @throws IOException if that can't be; the message says why
    public static void set(int thread, int nice) throws IOException {
        check("setpriority", call("setpriority", PRIO_PROCESS, thread, nice));
    }
}
