package dev.loomgate.servlet;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/// A request's body as chunks that never wait. What hasn't come yet is waited for in a microthread of its own, one
/// chunk at a time and only on demand, so the client is read no faster than the servlet reads.
final class RequestContent {
    private static final int CHUNK_BYTES = 16 * 1024;

    private final InputStream input;
    private final Executor executor;
    private final Runnable arrived;
    private final ReentrantLock lock = new ReentrantLock();
    private long missing; // -1: unknown
    private boolean reading;
    private Content.@Nullable Chunk chunk;
    private volatile @Nullable Exception failure;

    /// @param length of the body in bytes, or -1
    /// @param arrived told when a chunk that was demanded is there
    RequestContent(InputStream input, long length, Executor executor, Runnable arrived) {
        this.input = input;
        this.missing = length;
        this.executor = executor;
        this.arrived = arrived;
    }

    /// What is there, or null if that is nothing yet. An end and a failure stay.
    Content.@Nullable Chunk read() {
        lock.lock();
        try {
            if (chunk == null && !reading && (missing == 0 || hasSome())) {
                chunk = receive();
            }
            Content.Chunk next = chunk;
            chunk = Content.Chunk.next(next);
            return next;
        } finally {
            lock.unlock();
        }
    }

    /// Why the body can't be read to its end; null while it can.
    @Nullable
    Exception failure() {
        return failure;
    }

    /// Has [#arrived] told, once, as soon as there is something to read.
    void demand() {
        lock.lock();
        try {
            if (reading) {
                return;
            }
            reading = true;
        } finally {
            lock.unlock();
        }
        executor.execute(this::await);
    }

    private void await() {
        Content.Chunk come = isEmpty() ? receive() : null;
        lock.lock();
        try {
            reading = false;
            if (come != null) {
                chunk = come;
            }
        } finally {
            lock.unlock();
        }
        arrived.run();
    }

    private boolean isEmpty() {
        lock.lock();
        try {
            return chunk == null;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasSome() {
        try {
            return input.available() > 0;
        } catch (IOException broken) {
            return true; // the read says which
        }
    }

    // By one thread at a time: the one that holds the lock, or that which has set `reading`.
    private Content.Chunk receive() {
        if (missing == 0) {
            return Content.Chunk.EOF;
        }
        byte[] bytes = new byte[CHUNK_BYTES];
        try {
            int count = input.read(bytes);
            if (count < 0) {
                missing = 0;
                return Content.Chunk.EOF;
            }
            missing = missing < 0 ? missing : missing - count;
            return Content.Chunk.from(ByteBuffer.wrap(bytes, 0, count), false);
        } catch (IOException | RuntimeException broken) {
            failure = broken;
            return Content.Chunk.from(broken, true);
        }
    }
}
