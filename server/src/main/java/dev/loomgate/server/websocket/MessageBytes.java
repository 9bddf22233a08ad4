package dev.loomgate.server.websocket;

import dev.loomgate.gateway.WebSocket;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A message that is being received: its bytes so far. It takes room for what has come, never for what is announced.
final class MessageBytes {
    private static final int FIRST_ROOM = 256;

    private final boolean text;
    private final @Nullable Utf8Check check;
    private byte[] bytes;
    private int length;

    /// @param firstBytes how many are there at least
    MessageBytes(boolean text, int firstBytes) {
        this.text = text;
        this.check = text ? new Utf8Check() : null;
        this.bytes = new byte[firstBytes];
    }

    int length() {
        return length;
    }

    /// Takes bytes that are masked.
    ///
    /// @return whether they are valid
    boolean append(ByteBuf in, int count, Mask mask) {
        makeRoom(count);
        in.readBytes(bytes, length, count);
        mask.apply(bytes, length, length + count);
        return appended(count);
    }

    /// Takes bytes as they are.
    ///
    /// @return whether they are valid
    boolean append(byte[] some, int count) {
        makeRoom(count);
        System.arraycopy(some, 0, bytes, length, count);
        return appended(count);
    }

    private boolean appended(int count) {
        int from = length;
        length += count;
        return check == null || check.accepts(bytes, from, length);
    }

    private void makeRoom(int count) {
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.max(2 * bytes.length, FIRST_ROOM), length + count));
        }
    }

    /// Whether it may end here.
    boolean isComplete() {
        return check == null || check.isComplete();
    }

    WebSocket.Message message() {
        if (text) {
            return new WebSocket.Text(new String(bytes, 0, length, StandardCharsets.UTF_8));
        }
        return new WebSocket.Binary(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
    }
}
