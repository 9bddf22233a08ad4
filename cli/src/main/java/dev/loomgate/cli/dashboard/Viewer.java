package dev.loomgate.cli.dashboard;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// An open page, between the ticker and the microthread that writes its stream. A page that reads
/// slowly misses ticks and gets the newest, so it costs the memory of one.
final class Viewer {
    private static final byte[] END = {};

    private final BlockingQueue<byte[]> next = new ArrayBlockingQueue<>(1);
    private volatile boolean ended;

    /// Has the page get this next. The ticker's thread alone; never waits.
    void show(byte[] frame) {
        if (!next.offer(frame)) {
            next.poll();
            next.offer(frame);
        }
    }

    /// Ends the stream. Any thread; never waits.
    void end() {
        ended = true;
        next.offer(END); // if it is full, the page is awake anyway
    }

    /// What comes next; empty at the end. The stream's microthread alone, which waits for it.
    byte[] next() throws InterruptedException {
        if (ended) {
            return END;
        }
        byte[] frame = next.take();
        return ended ? END : frame;
    }
}
