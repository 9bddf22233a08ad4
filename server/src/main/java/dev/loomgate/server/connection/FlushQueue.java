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
    static final int MAX_TURNS = 16;

    private final Turns turns;
    private final Runnable run = this::run;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private boolean scheduled;

    FlushQueue(Turns turns) {
        this.turns = turns;
    }

    /// What it needs of a loop.
    interface Turns {
        /// The number of the turn that is under way.
        long now();

        /// Runs a task when this turn's microthreads have had theirs, behind all that they have handed over. Called
        /// before the I/O of a turn, or in it.
        void next(Runnable task);

        static Turns of(LoopSide loop) {
            return new Turns() {
                @Override
                public long now() {
                    return loop.turns();
                }

                // A turn does what microthreads handed over, then I/O, then runs microthreads. So: after the I/O of
                // this turn, to be called at the beginning of the next; and there once more, behind what the
                // microthreads have handed over.
                @Override
                public void next(Runnable task) {
                    loop.io().execute(() -> loop.afterMicrothreads(task));
                }
            };
        }
    }

    /// What a connection that pipelines has in this queue. There is one such class in a server, so that nothing is
    /// looked up to call it.
    abstract static class Entry {
        private boolean queued;
        private long since; // in which of the loop's turns it has been queued
        private int responses;

        /// Whether a further response is to be expected, and there is room for it.
        abstract boolean isWritingMore();

        /// Flushes what was written, and calls [#flushed].
        abstract void flush();

        /// Everything that was written has been flushed, by any caller.
        final void flushed() {
            responses = 0;
        }

        // As long as each turn brings another response, and another request to follow. The turn in which it has been
        // queued is no such one: the others in the queue may be looked at right behind it.
        private boolean waitsOn(long turn) {
            long passed = turn - since;
            return responses > passed && passed < MAX_TURNS && isWritingMore();
        }
    }

    /// A response has been written that is to be flushed soon.
    void add(Entry entry) {
        entry.responses++;
        if (!entry.queued) {
            entry.queued = true;
            entry.since = turns.now();
            entries.add(entry);
            schedule();
        }
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            turns.next(run);
        }
    }

    private void run() {
        scheduled = false;
        long turn = turns.now();
        for (int left = entries.size(); left > 0; left--) {
            Entry entry = entries.remove();
            if (entry.waitsOn(turn)) {
                entries.add(entry);
            } else {
                entry.queued = false;
                if (entry.responses > 0) {
                    entry.flush();
                }
            }
        }
        if (!entries.isEmpty()) {
            schedule();
        }
    }
}
