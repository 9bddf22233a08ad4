package dev.loomgate.server.stream;

import dev.loomgate.server.exchange.Outlet;
import dev.loomgate.server.websocket.OpenSocket;
import io.netty.buffer.ByteBuf;

/// What has been taken of a response and waits for the stream's window. Loop side only.
public final class OutgoingContent {
    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private int at;
    private int to;
    private Outlet.Next next = Outlet.Next.MORE;

    /// The whole response.
    public void whole(byte[] content) {
        bytes = content;
        at = 0;
        to = content.length;
        next = Outlet.Next.END;
    }

    /// Takes what there is, if nothing is left of what was taken.
    ///
    /// @return whether there is anything to send, or the response's end
    public boolean take(Outlet outlet) {
        if (isEnd() && next == Outlet.Next.MORE) {
            next = outlet.take();
            bytes = outlet.taken();
            at = 0;
            to = outlet.takenCount();
        }
        return !isEnd() || next != Outlet.Next.MORE;
    }

    /// The same for a WebSocket's frames, which have no end of their own here.
    public boolean take(OpenSocket socket) {
        if (isEnd()) {
            bytes = socket.take();
            at = 0;
            to = bytes.length;
        }
        return !isEnd();
    }

    /// Whether nothing is left before what [#next] says.
    public boolean isEnd() {
        return at == to;
    }

    /// What comes after what is left.
    public Outlet.Next next() {
        return next;
    }

    /// The bytes that are left.
    public int left() {
        return to - at;
    }

    /// Writes bytes into a frame.
    ///
    /// @param count no more than [#left]
    public void write(ByteBuf out, int count) {
        out.writeBytes(bytes, at, count);
        at += count;
    }

    /// What was written is on its way.
    public void done() {
        if (at == to) {
            bytes = NOTHING;
            at = 0;
            to = 0;
        }
    }
}
