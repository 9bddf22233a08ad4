package dev.loomgate.toolkit.test;

import dev.loomgate.gateway.ClientGone;
import dev.loomgate.gateway.WebSocket;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Both ends of a WebSocket without a server: two queues, and the application's handler in a virtual thread.
final class SocketInProcess implements TestSocket {
    private final BlockingQueue<WebSocket.Message> toApplication = new LinkedBlockingQueue<>();
    private final BlockingQueue<WebSocket.Message> toClient = new LinkedBlockingQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final @Nullable String subprotocol;

    // Guarded by this.
    private boolean clientClosed;
    private boolean applicationClosed;
    private @Nullable Throwable failure;

    SocketInProcess(@Nullable String subprotocol) {
        this.subprotocol = subprotocol;
    }

    /// Runs the handler, and closes as a container does.
    void serve(WebSocket.Handler handler) {
        int code = WebSocket.NORMAL;
        try {
            handler.handle(new ApplicationsEnd());
        } catch (ClientGone e) {
            // As a container takes it: the client has closed.
        } catch (Throwable e) {
            code = WebSocket.INTERNAL_ERROR;
            synchronized (this) {
                failure = e;
            }
        } finally {
            closeByApplication(code, "");
        }
    }

    /// The application is done with the body, too.
    void over() {
        over.countDown();
    }

    private synchronized void closeByApplication(int code, String reason) {
        if (!applicationClosed) {
            applicationClosed = true;
            toClient.add(new WebSocket.Closed(code, reason));
            if (!clientClosed) {
                // A client answers with the code that it was given.
                clientClosed = true;
                toApplication.add(new WebSocket.Closed(code, ""));
            }
        }
    }

    private final class ApplicationsEnd implements WebSocket {
        private @Nullable Closed end; // the receiver's

        @Override
        public Message receive() throws InterruptedException {
            Closed known = end;
            if (known != null) {
                return known;
            }
            Message message = toApplication.take();
            if (message instanceof Closed closed) {
                end = closed;
            }
            return message;
        }

        @Override
        public void send(String text) throws IOException {
            if (!text.codePoints().allMatch(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)) {
                throw new IllegalArgumentException("the text has a surrogate without its pair");
            }
            send(new Text(text));
        }

        @Override
        public void send(byte[] bytes) throws IOException {
            send(new Binary(bytes.clone()));
        }

        private void send(Message message) throws ClientGone {
            synchronized (SocketInProcess.this) {
                if (clientClosed || applicationClosed) {
                    throw new ClientGone("the WebSocket is closed");
                }
                toClient.add(message);
            }
        }

        @Override
        public void close(int code, String reason) {
            if (!WebSocket.mayBeSent(code)) {
                throw new IllegalArgumentException("close code " + code + " may not be sent");
            }
            closeByApplication(code, reason);
        }

        @Override
        public @Nullable String subprotocol() {
            return subprotocol;
        }
    }

    @Override
    public void send(String text) throws IOException {
        put(new WebSocket.Text(text));
    }

    @Override
    public void send(byte[] bytes) throws IOException {
        put(new WebSocket.Binary(bytes.clone()));
    }

    private synchronized void put(WebSocket.Message message) throws ClientGone {
        if (clientClosed || applicationClosed) {
            throw new ClientGone("the WebSocket is closed");
        }
        toApplication.add(message);
    }

    @Override
    public WebSocket.Message receive() throws Exception {
        WebSocket.Message message = toClient.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        if (message == null) {
            throw new IllegalStateException("the application has sent nothing within " + LIMIT);
        }
        if (message instanceof WebSocket.Closed) {
            throwFailure();
        }
        return message;
    }

    private void throwFailure() throws Exception {
        Throwable thrown;
        synchronized (this) {
            thrown = failure;
            failure = null;
        }
        if (thrown != null) {
            // Who catches it may look whether the body has been closed.
            over.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        }
        switch (thrown) {
            case null -> {}
            case Exception exception -> throw exception;
            case Error error -> throw error;
            default -> throw new IllegalStateException(thrown);
        }
    }

    @Override
    public synchronized void close(int code, String reason) {
        if (!clientClosed) {
            clientClosed = true;
            toApplication.add(new WebSocket.Closed(code, reason));
        }
    }

    @Override
    public @Nullable String subprotocol() {
        return subprotocol;
    }

    @Override
    public void close() {
        close(WebSocket.NORMAL, "");
        try {
            if (!over.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("the WebSocket's handler has not ended within " + LIMIT);
            }
            throwFailure();
        } catch (Exception e) {
            SocketInProcess.<RuntimeException>rethrow(e);
        }
    }

    // As in Client: a test wants to see the application's exception, not a wrapping of it.
    @SuppressWarnings("unchecked")
    private static <X extends Exception> void rethrow(Exception e) throws X {
        throw (X) e;
    }
}
