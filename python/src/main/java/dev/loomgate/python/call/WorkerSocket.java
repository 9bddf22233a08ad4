package dev.loomgate.python.call;

import dev.loomgate.gateway.ClientGone;
import dev.loomgate.gateway.WebSocket;
import dev.loomgate.gateway.direct.LendableSocket;
import dev.loomgate.loop.Loop;
import dev.loomgate.loop.Microthread;
import dev.loomgate.python.wire.SocketRecords;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// A WebSocket between its client and the program that has accepted it in a worker.
///
/// ```
///  client --- receive ---> the request's microthread --- records, as BODY ---> worker     as far as the window goes
///         <---- send ----- a microthread of its own <---- records, as CHUNK --            against credit
/// ```
/// The program's end closes the socket; the socket's end is a record, after which the program may take its time.
final class WorkerSocket implements WebSocket.Handler {
    private static final int STEP_BYTES = 32 * 1024;

    private final Loop home;
    private final Conversation conversation;
    private final Call call;
    private final SocketRecords records = new SocketRecords();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Exception failure;
    private boolean gone; // the sender's

    /// @param beginning what has come of the records along with the head
    WorkerSocket(Loop home, Conversation conversation, Call call, byte[] beginning) {
        this.home = home;
        this.conversation = conversation;
        this.call = call;
        records.add(beginning);
    }

    @Override
    public void handle(WebSocket socket) throws Exception {
        Loop loop = Microthread.isCurrent() ? Loop.current() : home;
        loop.start("messages of " + call, () -> sendAll(socket));
        try {
            receiveAll(socket);
        } catch (InterruptedException e) {
            conversation.timeIsOver();
            throw e;
        } finally {
            // The replies are taken by one thread at a time. The worker is asked to let go of the request, and replaced
            // if it doesn't.
            BodyPump.awaitAllTheSame(ended, conversation::timeIsOver);
        }
        Exception thrown = failure;
        if (thrown != null) {
            throw thrown;
        }
    }

    // ---- to the worker

    private void receiveAll(WebSocket socket) throws InterruptedException {
        while (true) {
            WebSocket.Message message = socket.receive();
            pass(SocketRecords.record(message));
            if (message instanceof WebSocket.Closed) {
                home.side().execute(() -> call.addPart(new Call.BodyPart(null, null)));
                return;
            }
        }
    }

    private void pass(byte[] record) throws InterruptedException {
        int at = 0;
        while (at < record.length) {
            int count = call.window().take(Math.min(record.length - at, STEP_BYTES));
            byte[] piece = Arrays.copyOfRange(record, at, at + count);
            at += count;
            home.side().execute(() -> call.addPart(new Call.BodyPart(piece, null)));
        }
    }

    // ---- to the client, in a microthread of its own

    private void sendAll(WebSocket socket) {
        try {
            sendRecords(socket);
            while (!conversation.isOver()) {
                switch (conversation.next()) {
                    case Reply.Borrow _ -> lend(socket);
                    case Reply.GivenBack(LendableSocket.Back back) -> giveBack(socket, back);
                    case Reply.Chunk(byte[] bytes, boolean _) -> {
                        records.add(bytes);
                        sendRecords(socket);
                        conversation.passedOn();
                    }
                    case Reply other -> throw FailureResponse.exception(other);
                }
            }
            giveBack(socket, LendableSocket.Back.withNothing()); // at the latest now
            socket.close();
        } catch (Exception e) {
            failure = e;
            giveBack(socket, LendableSocket.Back.withNothing());
            socket.close(WebSocket.INTERNAL_ERROR, "");
        } finally {
            call.window().give(Integer.MAX_VALUE); // nobody reads any more, so nobody is waited for
            ended.countDown();
        }
    }

    private void lend(WebSocket socket) {
        if (socket instanceof LendableSocket lendable) {
            lendable.lend(new LendableSocket.Borrower() {
                @Override
                public void lent(int descriptor) {
                    home.side().execute(() -> {
                        if (!call.lend(descriptor)) {
                            lendable.giveBack(LendableSocket.Back.withNothing());
                            call.refuse(false);
                        }
                    });
                }

                @Override
                public void refused(boolean forNow) {
                    home.side().execute(() -> call.refuse(forNow));
                }

                @Override
                public void wanted() {
                    home.side().execute(call::reclaim);
                }
            });
        } else {
            home.side().execute(() -> call.refuse(false));
        }
    }

    private static void giveBack(WebSocket socket, LendableSocket.Back back) {
        if (socket instanceof LendableSocket lendable) {
            lendable.giveBack(back);
        }
    }

    // What is sent to a socket that is closed is dropped: the program is told by the record that says so.
    private void sendRecords(WebSocket socket) throws IOException {
        WebSocket.Message message = records.next();
        while (message != null) {
            try {
                if (!gone) {
                    send(socket, message);
                }
            } catch (ClientGone e) {
                gone = true;
            }
            message = records.next();
        }
    }

    private static void send(WebSocket socket, WebSocket.Message message) throws IOException {
        switch (message) {
            case WebSocket.Text text -> socket.send(text.content());
            case WebSocket.Binary binary -> socket.send(binary.content());
            case WebSocket.Closed closed -> socket.close(closed.code(), closed.reason());
        }
    }
}
