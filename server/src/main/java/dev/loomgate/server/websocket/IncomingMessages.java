package dev.loomgate.server.websocket;

import dev.loomgate.gateway.WebSocket;
import dev.loomgate.loop.waiting.Parking;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Messages, and the pings and pongs that are told, on their way from the loop side, which puts, to the application's
/// thread, which takes and waits.
final class IncomingMessages {
    private static final int HIGH_WATER = 64 * 1024;
    // What a message takes besides its content.
    private static final int MESSAGE_BYTES = 64;

    private final Runnable roomAgain;

    // All guarded by this. No one waits while holding the lock, so the loop side may take it.
    private final ArrayDeque<Received> messages = new ArrayDeque<>(2);
    private long bytes;
    private boolean full;
    private boolean unwanted;
    private Received.@Nullable Close end;
    private final Parking receiver = new Parking();

    /// @param roomAgain run by the receiver's thread when it has made room after [#put] returned false
    IncomingMessages(Runnable roomAgain) {
        this.roomAgain = roomAgain;
    }

    /// Takes a message, whether there is room or not. Loop side.
    ///
    /// @return whether there is room for more
    synchronized boolean put(Received message) {
        if (unwanted || end != null) {
            return true;
        }
        messages.add(message);
        bytes += size(message);
        full = bytes >= HIGH_WATER;
        receiver.wake();
        return !full;
    }

    /// Whether there is room. Any thread.
    synchronized boolean hasRoom() {
        return !full;
    }

    /// Whether a message, or the end, can be taken without a wait. Any thread.
    synchronized boolean isEmpty() {
        return messages.isEmpty() && end == null;
    }

    /// Whether all has been taken, and the next message is waited for. Any thread.
    synchronized boolean isAwaited() {
        return messages.isEmpty() && end == null && receiver.isAwaited();
    }

    private static long size(Received message) {
        return MESSAGE_BYTES
                + switch (message) {
                    case Received.Message(WebSocket.Text(String text)) -> 2L * text.length();
                    case Received.Message(WebSocket.Binary(byte[] bytes)) -> bytes.length;
                    case Received.Ping(byte[] payload) -> payload.length;
                    case Received.Pong(byte[] payload) -> payload.length;
                    case Received.Message(WebSocket.Closed _),
                            Received.Close _,
                            Received.Incomplete _,
                            Received.Lent _,
                            Received.Violation _ -> 0;
                };
    }

    /// Nothing comes any more: after what is there, `take` returns this. The first end counts. Loop side.
    synchronized void end(WebSocket.Closed why) {
        if (end == null) {
            end = new Received.Close(why);
            receiver.wake();
        }
    }

    /// Nobody takes any more: what is there, and what still comes, is dropped. Any thread.
    void discard() {
        boolean makesRoom;
        synchronized (this) {
            unwanted = true;
            messages.clear();
            bytes = 0;
            makesRoom = full;
            full = false;
        }
        if (makesRoom) {
            roomAgain.run();
        }
    }

    /// Takes the next message, or the end; waits for it. The application's thread.
    Received take() throws InterruptedException {
        while (true) {
            Received found;
            boolean makesRoom;
            synchronized (this) {
                found = messages.poll();
                if (found == null) {
                    found = end;
                } else {
                    bytes -= size(found);
                }
                makesRoom = full && bytes < HIGH_WATER / 2;
                full &= !makesRoom;
                if (found == null) {
                    receiver.begin();
                } else {
                    receiver.end();
                }
            }
            if (makesRoom) {
                roomAgain.run();
            }
            if (found != null) {
                return found;
            }
            if (!Parking.park(this)) {
                synchronized (this) {
                    receiver.end();
                }
                throw Parking.interruption("interrupted while waiting for a WebSocket's message");
            }
        }
    }
}
