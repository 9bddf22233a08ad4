package dev.loomgate.server.direct;

import dev.loomgate.loop.Loop;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/// Looks at the kernel's queue some times a second, in a microthread, as long as somebody wants to know its length.
/// Loop side, except for what the microthread does.
final class QueueWatch {
    private static final Logger LOG = System.getLogger("dev.loomgate.server");

    // A look costs the more the more unix sockets the machine has: at most a twentieth of a CPU goes into it.
    private static final long LEAST_PAUSE_NANOS = 100_000_000L;
    private static final long MOST_PAUSE_NANOS = 1_000_000_000L;
    private static final int PAUSES_PER_LOOK = 20;

    /// How many connections are in the kernel's queue. Reads files.
    interface Length {
        /// @throws IOException if that can't be told
        int now() throws IOException;
    }

    private final Loop loop;
    private final Length queue;
    private final BooleanSupplier wanted;
    private final IntConsumer length;
    private boolean running;

    /// @param wanted whether to look on; asked on the loop side
    /// @param length is told the length, on the loop side
    QueueWatch(Loop loop, Length queue, BooleanSupplier wanted, IntConsumer length) {
        this.loop = loop;
        this.queue = queue;
        this.wanted = wanted;
        this.length = length;
    }

    /// Looks, if it is wanted and hasn't begun.
    void begin() {
        if (!running && wanted.getAsBoolean()) {
            running = true;
            loop.start("a look at the kernel's queue", this::lookOnce);
        }
    }

    // Microthread
    private void lookOnce() {
        long begun = System.nanoTime();
        int found;
        try {
            found = Loop.offload(queue::now);
        } catch (IOException e) {
            // Then it counts as long: the server accepts as well when all processes have requests.
            LOG.log(Level.DEBUG, "the kernel's queue can't be looked at", e);
            found = Integer.MAX_VALUE;
        } catch (Exception e) {
            found = Integer.MAX_VALUE; // interrupted: the loops end
        }
        int connections = found;
        loop.side().execute(() -> told(connections, System.nanoTime() - begun));
    }

    private void told(int connections, long nanos) {
        running = false;
        if (wanted.getAsBoolean()) {
            running = true;
            length.accept(connections);
            long pause = Math.clamp(PAUSES_PER_LOOK * nanos, LEAST_PAUSE_NANOS, MOST_PAUSE_NANOS);
            loop.callLater(Duration.ofNanos(pause), this::lookAgain);
        }
    }

    // Microthread
    private void lookAgain() {
        loop.side().execute(() -> {
            running = false;
            begin();
        });
    }
}
