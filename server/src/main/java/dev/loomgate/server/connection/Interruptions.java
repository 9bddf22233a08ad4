package dev.loomgate.server.connection;

import dev.loomgate.loop.Microthread;
import dev.loomgate.server.exchange.Exchange;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// Interrupts requests, and logs where they were: the stacks of a few a second, since taking one costs the loop as
/// much as a hundred requests do. Loop side only.
final class Interruptions {
    private static final Logger LOG = System.getLogger("dev.loomgate.server");
    private static final int STACKS_A_SECOND = 5;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private long since = System.nanoTime();
    private int stacks;

    /// Interrupts the request's microthread, if it has begun.
    void interrupt(Exchange exchange) {
        Microthread microthread = exchange.microthread();
        if (microthread == null) {
            return;
        }
        exchange.interrupted();
        Thread thread = microthread.thread();
        if (thread != null && mayTakeStack()) {
            StringBuilder stack = new StringBuilder();
            for (StackTraceElement element : thread.getStackTrace()) {
                stack.append("\n\tat ").append(element);
            }
            LOG.log(Level.WARNING, "{0}: interrupted by the server at{1}", exchange, stack, exchange.logId());
        }
        microthread.interrupt();
    }

    private boolean mayTakeStack() {
        long now = System.nanoTime();
        if (now - since >= SECOND_NANOS) {
            since = now;
            stacks = 0;
        }
        return stacks++ < STACKS_A_SECOND;
    }
}
