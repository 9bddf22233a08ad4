package dev.loomgate.servlet;

import dev.loomgate.gateway.BodyWriter;
import dev.loomgate.gateway.ClientGone;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/// One request between Jetty's channel and the container. Jetty's side calls it from any microthread and never waits
/// in it; the request's own microthread takes what Jetty sends, one piece at a time, and alone writes to the client.
/// A piece is confirmed when the container has taken it, so a slow client holds the servlet.
final class ServletStream implements HttpStream {
    private static final int MAX_WHOLE_BYTES = 64 * 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /// What Jetty has sent.
    ///
    /// @param head with the first piece only
    /// @param callback confirms it
    record Piece(MetaData.@Nullable Response head, ByteBuffer content, boolean last, Callback callback) {
        /// Whether it is a whole short response. Such a one is a copy, and confirmed already: Jetty's
        /// error pages rely on that.
        boolean isWhole() {
            return head != null && last && content.remaining() <= MAX_WHOLE_BYTES;
        }

        private Piece copied() {
            byte[] copy = new byte[content.remaining()];
            content.get(copy);
            return new Piece(head, ByteBuffer.wrap(copy), last, Callback.NOOP);
        }
    }

    private final HttpChannel channel;
    private final Executor executor;
    private final RequestContent content;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private boolean begun; // the request's microthread only
    private @Nullable Piece piece;
    private @Nullable Piece taken; // being written
    private @Nullable Runnable afterWrite;
    private @Nullable Throwable cancelled;
    private volatile boolean committed;
    private boolean started;
    private boolean contentUnwanted;
    private boolean lastSent;
    private boolean closed;
    private boolean goneUntold;
    private boolean complete;
    private @Nullable Throwable failure;
    private @Nullable Thread servlet;

    ServletStream(HttpChannel channel, Executor executor, InputStream input, long length) {
        this.channel = channel;
        this.executor = executor;
        this.content = new RequestContent(input, length, executor, () -> perform(channel.onContentAvailable()));
    }

    /// Starts the servlet in a microthread of its own, unless its client has gone before.
    void start(Runnable handling) {
        executor.execute(() -> handle(handling));
    }

    private void handle(Runnable handling) {
        boolean gone;
        lock.lock();
        try {
            started = true;
            gone = closed;
            servlet = Thread.currentThread();
        } finally {
            lock.unlock();
        }
        boolean goneMeanwhile;
        try {
            perform(gone ? channel.onFailure(clientGone()) : handling);
        } finally {
            lock.lock();
            try {
                servlet = null;
                goneMeanwhile = goneUntold && !complete;
            } finally {
                lock.unlock();
            }
        }
        if (goneMeanwhile) {
            perform(channel.onFailure(clientGone()));
        }
    }

    /// Waits for the next piece; null if there is none because the request has ended.
    ///
    /// @throws InterruptedException if the container ends the request; the servlet is interrupted, too
    @Nullable
    Piece next() throws InterruptedException {
        lock.lock();
        try {
            while (piece == null && !complete) {
                changed.await();
            }
            Piece next = piece;
            piece = null;
            taken = next;
            return next;
        } catch (InterruptedException overdue) {
            interruptServlet();
            throw overdue;
        } finally {
            lock.unlock();
        }
    }

    // Under the lock.
    private void interruptServlet() {
        if (servlet != null) {
            servlet.interrupt();
        }
    }

    /// Waits until the servlet and all of Jetty are done with the request, which may be long after its response. If
    /// the container ends the request, the servlet is interrupted, and not waited for.
    void awaitEnd() {
        lock.lock();
        try {
            while (!complete) {
                changed.await();
            }
        } catch (InterruptedException overdue) {
            interruptServlet();
        } finally {
            lock.unlock();
        }
    }

    boolean isComplete() {
        lock.lock();
        try {
            return complete;
        } finally {
            lock.unlock();
        }
    }

    /// Why the request's body can't be read to its end; null while it can.
    @Nullable
    Exception inputFailure() {
        return content.failure();
    }

    /// Writes a piece and all that follow it. The request's microthread.
    void writeTo(BodyWriter writer, Piece first) throws IOException, InterruptedException {
        begun = true;
        for (Piece next = first; next != null; next = next()) {
            try {
                if (next.content.hasRemaining()) {
                    writer.write(next.content);
                }
            } catch (IOException | RuntimeException gone) {
                fail(next, gone);
                throw gone;
            }
            confirm(next);
            if (next.last) {
                return;
            }
        }
        throw failed();
    }

    /// Tells Jetty that the container has a piece, unless Jetty has cancelled it.
    void confirm(Piece written) {
        if (!settle(written)) {
            return;
        }
        if (written.callback.getInvocationType() == Invocable.InvocationType.NON_BLOCKING) {
            written.callback.succeeded();
        } else {
            executor.execute(written.callback::succeeded);
        }
    }

    private void fail(Piece unwritten, Throwable cause) {
        if (settle(unwritten)) {
            executor.execute(() -> unwritten.callback.failed(cause));
        }
    }

    private boolean settle(Piece settled) {
        boolean wasTaken;
        Runnable waiting = null;
        lock.lock();
        try {
            wasTaken = taken != null && taken.callback == settled.callback;
            if (wasTaken) {
                taken = null;
                waiting = afterWrite;
                afterWrite = null;
            }
        } finally {
            lock.unlock();
        }
        run(waiting);
        return wasTaken;
    }

    /// The container is done with the response, and may never have asked for it: then `first` has failed.
    void abandon(Piece first) {
        if (begun) {
            end();
            return;
        }
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        fail(first, new EofException(new ClientGone("the response wasn't wanted")));
    }

    /// The request's end before its response was complete, as an exception for the container.
    IOException failed() {
        lock.lock();
        try {
            if (closed) {
                return new ClientGone("the client has disconnected");
            }
            return new IOException("the servlet ended before its response was complete", failure);
        } finally {
            lock.unlock();
        }
    }

    /// What comes after the head is not for the client: HEAD, 204, 304.
    void dropContent() {
        lock.lock();
        try {
            contentUnwanted = true;
        } finally {
            lock.unlock();
        }
    }

    /// The client has disconnected, or the container has closed the response: Jetty's side learns it.
    void end() {
        lock.lock();
        try {
            boolean over = closed || complete || contentUnwanted || (lastSent && piece == null);
            closed = true;
            if (over || !started) {
                return;
            }
            if (servlet != null) {
                goneUntold = true; // Jetty forgets what it is told before the servlet has gone asynchronous
                return;
            }
            if (taken != null) {
                return; // what has been taken fails in its writer's hands, which tells Jetty
            }
        } finally {
            lock.unlock();
        }
        run(channel.onFailure(clientGone()));
    }

    private static EofException clientGone() {
        return new EofException(new ClientGone("the client has disconnected"));
    }

    private static void perform(@Nullable Runnable task) {
        if (task != null) {
            task.run();
        }
    }

    private void run(@Nullable Runnable task) {
        if (task != null) {
            executor.execute(task);
        }
    }

    @Override
    public String getId() {
        return Integer.toHexString(System.identityHashCode(this));
    }

    @Override
    public Content.@Nullable Chunk read() {
        return content.read();
    }

    @Override
    public void demand() {
        content.demand();
    }

    @Override
    public void prepareResponse(HttpFields.Mutable headers) {}

    @Override
    public void send(
            MetaData.Request request,
            MetaData.@Nullable Response response,
            boolean last,
            @Nullable ByteBuffer bytes,
            Callback callback) {
        if (response != null && response.getStatus() < 200) {
            callback.succeeded();
            return;
        }
        Piece sent = new Piece(response, bytes == null ? NOTHING : bytes, last, callback);
        boolean whole = sent.isWhole();
        Throwable unsendable = null;
        lock.lock();
        try {
            committed = true;
            lastSent |= last;
            if (cancelled != null) {
                unsendable = cancelled;
            } else if (!contentUnwanted) {
                if (closed) {
                    unsendable = clientGone();
                } else {
                    piece = whole ? sent.copied() : sent;
                    changed.signalAll();
                    if (!whole) {
                        return;
                    }
                }
            }
        } finally {
            lock.unlock();
        }
        if (unsendable != null) {
            callback.failed(unsendable);
        } else {
            callback.succeeded();
        }
    }

    /// Jetty gives up a write, and forgets its callback, which isn't the one that `send` was given. While
    /// a piece is being written its bytes aren't Jetty's again, so the callback waits.
    @Override
    public Runnable cancelSend(Throwable cause, Callback callback) {
        Piece unwanted;
        lock.lock();
        try {
            cancelled = cause;
            unwanted = piece;
            piece = null;
        } finally {
            lock.unlock();
        }
        return () -> {
            if (unwanted != null) {
                unwanted.callback.failed(cause);
            }
            whenWritten(() -> callback.failed(cause));
        };
    }

    private void whenWritten(Runnable task) {
        lock.lock();
        try {
            if (taken != null) {
                afterWrite = task;
                return;
            }
        } finally {
            lock.unlock();
        }
        task.run();
    }

    @Override
    public long getIdleTimeout() {
        return 0;
    }

    /// Does nothing: how slow a client may be is the container's to say.
    @Override
    public void setIdleTimeout(long milliseconds) {}

    @Override
    public boolean isCommitted() {
        return committed;
    }

    /// Nothing is read: the container deals with a body that was left.
    @Override
    public @Nullable Throwable consumeAvailable() {
        return null;
    }

    @Override
    public void succeeded() {
        complete(null);
    }

    @Override
    public void failed(Throwable cause) {
        complete(cause);
    }

    private void complete(@Nullable Throwable cause) {
        lock.lock();
        try {
            complete = true;
            failure = cause;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
