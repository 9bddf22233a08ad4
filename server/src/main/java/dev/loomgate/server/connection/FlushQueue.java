package dev.loomgate.server.connection;

import dev.loomgate.loop.io.LoopSide;
import java.util.ArrayDeque;

/// Connections whose next response may go out together with the one that has just been written, because its
/// request is there already. Loop side only.
///
/// A response leaves with the following one if that one is written in the loop's next turn, and so on for a few
/// turns. So a client that pipelines gets many answers with one system call, and none of them waits for a slow
/// one.
final class FlushQueue {
    private static final int MAX_TURNS = 16;

    private final LoopSide loop;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private boolean scheduled;

    FlushQueue(LoopSide loop) {
        this.loop = loop;
    }

    /// What a connection that pipelines has in this queue.
    static final class Entry {
        private final Connection connection;
        private boolean queued;
        private long since; // in which of the loop's turns it has been queued
        private int responses;

        Entry(Connection connection) {
            this.connection = connection;
        }

        /// Everything that was written has been flushed, by any caller.
        void flushed() {
            responses = 0;
        }

        // As long as each turn brings another response, and another request to follow. The turn in which it has been
        // queued is no such one: the others in the queue may be looked at right behind it.
        private boolean waitsOn(long turn) {
            long turns = turn - since;
            return responses > turns && turns < MAX_TURNS && connection.isWritingMore();
        }
    }

    /// A response has been written that is to be flushed soon.
    void add(Entry entry) {
        entry.responses++;
        if (!entry.queued) {
            entry.queued = true;
            entry.since = loop.turns();
            entries.add(entry);
            schedule();
        }
    }

    // A turn does what microthreads handed over, then I/O, then runs microthreads. So: after the I/O of this turn, to
    // be called at the beginning of the next; and there once more, behind what the microthreads have handed over.
    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            loop.io().execute(() -> loop.afterMicrothreads(this::run));
        }
    }

    private void run() {
        scheduled = false;
        for (int left = entries.size(); left > 0; left--) {
            Entry entry = entries.remove();
            if (entry.waitsOn(loop.turns())) {
                entries.add(entry);
            } else {
                entry.queued = false;
                if (entry.responses > 0) {
                    entry.connection.flush();
                }
            }
        }
        if (!entries.isEmpty()) {
            schedule();
        }
    }
}
