package dev.loomgate.server.observe;

import dev.loomgate.server.AccessLine;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Writes the access log in a thread of its own, so that a slow disk or a blocked pipe never holds a loop.
///
/// Loops hand over blocks of lines. When the queue is full, or a block can't be written, as on a full disk,
/// it is dropped, and a line says how many lines are missing when that can be written again.
public final class AccessLogWriter implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.loomgate.server");
    private static final int MAX_BLOCKS = 1024;
    private static final long CLOSE_LIMIT_MILLIS = 2_000;

    private static final Block END = new Block(new byte[0], 0, List.of());

    /// @param told its lines apart; empty if nobody has watched
    private record Block(byte[] lines, int count, List<AccessLine> told) {
        boolean isEnd() {
            return lines.length == 0;
        }
    }

    private final OutputStream out;
    private final BlockingQueue<Block> blocks = new ArrayBlockingQueue<>(MAX_BLOCKS);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread;
    private volatile @Nullable Consumer<AccessLine> watcher;
    private boolean failing; // its thread's

    /// A writer to `out`, which it doesn't close.
    public AccessLogWriter(OutputStream out) {
        this.out = out;
        thread = Thread.ofPlatform().name("loomgate-access-log").daemon().start(this::write);
    }

    /// Lines go there as well, as they are written, in the writer's thread; or no longer, with null. Any thread.
    public void watch(@Nullable Consumer<AccessLine> other) {
        watcher = other;
    }

    /// Whether somebody does. Any thread.
    boolean isWatched() {
        return watcher != null;
    }

    /// Queues whole lines, at least one. Never waits. Any thread.
    ///
    /// @param told the same for who watches; may be empty
    void add(byte[] lines, int count, List<AccessLine> told) {
        if (!blocks.offer(new Block(lines, count, told))) {
            dropped.addAndGet(count);
        }
    }

    private void write() {
        try {
            for (Block block = blocks.take(); !block.isEnd(); block = blocks.take()) {
                tell(block);
                append(block);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void append(Block block) {
        try {
            out.write(block.lines());
            long missing = dropped.getAndSet(0);
            if (missing > 0) {
                out.write(("# " + missing + " lines are missing here: the log can't be written, or too slowly\n")
                        .getBytes(StandardCharsets.US_ASCII));
            }
            Block next = blocks.peek();
            if (next == null || next.isEnd()) {
                out.flush();
            }
            failing = false;
        } catch (IOException e) {
            dropped.addAndGet(block.count());
            if (!failing) {
                LOG.log(Level.ERROR, "the access log can't be written, requests are not logged until it can", e);
            }
            failing = true;
        }
    }

    private void tell(Block block) {
        Consumer<AccessLine> other = watcher;
        if (other != null) {
            block.told().forEach(other);
        }
    }

    /// Writes what is queued, within a limit, and ends the thread.
    @Override
    public void close() {
        try {
            if (thread.isAlive() && blocks.offer(END, CLOSE_LIMIT_MILLIS, TimeUnit.MILLISECONDS)) {
                thread.join(CLOSE_LIMIT_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }
}
