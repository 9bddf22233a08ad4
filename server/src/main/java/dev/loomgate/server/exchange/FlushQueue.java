package dev.loomgate.server.exchange;

import dev.loomgate.loop.Loop;
import java.util.ArrayDeque;

/// Connections whose next response may go out together with the one that has just been written, because its
/// request is there already. Loop side only.
///
/// A response leaves with the following one if that one is written in the loop's next turn, and so on for a few
/// turns. So a client that pipelines gets many answers with one system call, and none of them waits for a slow
/// one.
final class FlushQueue {
    private static final int MAX_TURNS = 16;

    private final Loop loop;
    private final ArrayDeque<Connection> connections = new ArrayDeque<>();
    private boolean scheduled;

    FlushQueue(Loop loop) {
        this.loop = loop;
    }

    /// Has the connection flushed soon. It isn't in the queue yet.
    void add(Connection connection) {
        connections.add(connection);
        schedule();
    }

    // A turn does what microthreads handed over, then I/O, then runs microthreads. So: after the I/O of this turn, to
    // be called at the beginning of the next; and there once more, behind what the microthreads have handed over.
    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            loop.io().execute(() -> loop.execute(() -> loop.execute(this::run)));
        }
    }

    private void run() {
        scheduled = false;
        for (int left = connections.size(); left > 0; left--) {
            Connection connection = connections.remove();
            if (connection.flushesLater(MAX_TURNS)) {
                connections.add(connection);
            }
        }
        if (!connections.isEmpty()) {
            schedule();
        }
    }
}
