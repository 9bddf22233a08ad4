package dev.loomgate.server.http2;

import dev.loomgate.server.connection.SingleExchange;
import dev.loomgate.server.exchange.Outlet;
import io.netty.buffer.ByteBuf;
import io.netty.channel.FileRegion;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/// What has been taken of a response and waits for the stream's window: bytes, then a file if there is one. A file is
/// read frame by frame. Loop side only.
final class OutgoingContent {
    private static final Logger LOG = System.getLogger("dev.loomgate.server");
    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private int at;
    private int to;
    private @Nullable FileRegion file;
    private long fileAt;
    private Outlet.Next next = Outlet.Next.MORE;

    /// The whole response.
    void whole(byte[] content) {
        bytes = content;
        at = 0;
        to = content.length;
        next = Outlet.Next.END;
    }

    /// Takes what there is, if nothing is left of what was taken.
    ///
    /// @return whether there is anything to send, or the response's end
    boolean take(Outlet outlet) {
        if (isEnd() && next == Outlet.Next.MORE) {
            next = outlet.take();
            bytes = outlet.taken();
            at = 0;
            to = outlet.takenCount();
            if (next == Outlet.Next.FILE) {
                file = outlet.takenFile();
                fileAt = 0;
                next = Outlet.Next.MORE;
            }
        }
        return !isEnd() || next != Outlet.Next.MORE;
    }

    /// Whether nothing is left before what [#next] says.
    boolean isEnd() {
        return at == to && file == null;
    }

    /// What comes after what is left.
    Outlet.Next next() {
        return next;
    }

    /// The bytes that are left; a file's where there are none before it.
    long left() {
        return at < to ? to - at + (file == null ? 0 : file.count()) : file == null ? 0 : file.count() - fileAt;
    }

    /// What a frame could have of it.
    int frameBytes(int most) {
        long some = at < to ? to - at : file == null ? 0 : file.count() - fileAt;
        return (int) Math.min(some, most);
    }

    /// Writes bytes into a frame.
    ///
    /// @param count no more than [#frameBytes]
    /// @return false if a file has fewer bytes than it had, or can't be read; then the frame is filled up
    boolean write(ByteBuf out, int count, SingleExchange exchange) {
        if (at < to) {
            out.writeBytes(bytes, at, count);
            at += count;
            return true;
        }
        FileRegion from = file;
        if (from == null) {
            throw new IllegalStateException("nothing is left");
        }
        exchange.fileBegun();
        FramePart part = new FramePart(out, count);
        try {
            while (part.left > 0) {
                long read = from.transferTo(part, fileAt);
                if (read <= 0) {
                    throw new IOException("the file has become shorter");
                }
                fileAt += read;
            }
            return true;
        } catch (IOException e) {
            LOG.log(Level.ERROR, "sending a file failed", e);
            out.writeZero(part.left);
            return false;
        }
    }

    /// What was written is on its way; tells the outlet of a file's end.
    void done(@Nullable Outlet outlet) {
        if (at == to) {
            bytes = NOTHING;
            at = 0;
            to = 0;
        }
        if (file != null && fileAt == file.count()) {
            release();
            if (outlet != null) {
                outlet.fileSent();
            }
        }
    }

    /// Lets go of a file.
    void release() {
        FileRegion held = file;
        if (held != null) {
            file = null;
            held.release();
        }
    }

    /// The room of one frame, as what a file is copied to.
    private static final class FramePart implements WritableByteChannel {
        private final ByteBuf out;
        private int left;

        FramePart(ByteBuf out, int left) {
            this.out = out;
            this.left = left;
        }

        @Override
        public int write(ByteBuffer source) {
            int count = Math.min(left, source.remaining());
            out.writeBytes(source.slice(source.position(), count));
            source.position(source.position() + count);
            left -= count;
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
