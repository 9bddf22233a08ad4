package dev.loomgate.examples.chat;

import dev.loomgate.gateway.WebSocket;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// What one member has still to read. A send waits for its client, so each member has a thread of its own that sends,
/// and one whose client is too slow is put out: nobody else waits for it.
final class Member {
    private static final int MOST_UNREAD = 100;

    private final BlockingQueue<String> unread = new ArrayBlockingQueue<>(MOST_UNREAD);
    private final WebSocket socket;
    private final Thread sender;

    Member(WebSocket socket) {
        this.socket = socket;
        sender = Thread.ofVirtual().name("chat member").start(this::send);
    }

    void read(String text) {
        if (!unread.offer(text)) {
            socket.close(WebSocket.POLICY_VIOLATION, "too slow");
        }
    }

    void stop() {
        sender.interrupt();
    }

    private void send() {
        try {
            while (true) {
                socket.send(unread.take());
            }
        } catch (InterruptedException | IOException e) {
            // It has left, or its client has gone: its handler hears of that, too.
        }
    }
}
