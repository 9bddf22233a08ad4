package dev.loomgate.python.wire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Cuts a stream of bytes into frames. Used by one thread; [#close] releases what is left.
public final class FrameReader {
    /// Takes a frame; the payload is valid during the call only.
    @FunctionalInterface
    public interface Sink {
        void frame(int type, int flags, int id, ByteBuf payload);
    }

    /// For what comes in the same read behind a large frame's end.
    private static final int ROOM_BYTES = 4096;

    private final Sink sink;
    private @Nullable ByteBuf rest;

    public FrameReader(Sink sink) {
        this.sink = sink;
    }

    /// Passes on each frame that these bytes complete. Releases the buffer.
    ///
    /// @throws FrameException if these are no frames
    public void read(ByteBuf bytes) {
        ByteBuf all = bytes;
        if (rest != null) {
            all = rest;
            rest = null;
            try {
                all.writeBytes(bytes);
            } catch (Throwable e) {
                all.release();
                throw e;
            } finally {
                bytes.release();
            }
        }
        try {
            while (readOne(all)) {
                // the frames that are complete
            }
            rest = all.isReadable() ? kept(all) : null;
        } finally {
            all.release();
        }
    }

    // A large frame comes in many reads: the buffer that has room for it is kept from one to the next.
    private static ByteBuf kept(ByteBuf all) {
        int frame = all.readableBytes() < Integer.BYTES ? 0 : FrameType.HEADER_BYTES + payloadLength(all);
        if (all.readerIndex() == 0 && all.capacity() >= frame + ROOM_BYTES) {
            return all.retain();
        }
        ByteBuf kept = all.alloc().buffer(Math.max(all.readableBytes(), frame) + ROOM_BYTES);
        return kept.writeBytes(all);
    }

    private static int payloadLength(ByteBuf in) {
        int length = in.getIntLE(in.readerIndex());
        if (length < 0 || length > FrameType.MAX_PAYLOAD_BYTES) {
            throw new FrameException("a frame of %d bytes, over %d: these are not frames"
                    .formatted(Integer.toUnsignedLong(length), FrameType.MAX_PAYLOAD_BYTES));
        }
        return length;
    }

    private boolean readOne(ByteBuf in) {
        if (in.readableBytes() < FrameType.HEADER_BYTES) {
            return false;
        }
        int at = in.readerIndex();
        int length = payloadLength(in);
        if (in.readableBytes() < FrameType.HEADER_BYTES + length) {
            return false;
        }
        int type = in.getUnsignedByte(at + 4);
        int flags = in.getUnsignedByte(at + 5);
        int id = in.getIntLE(at + 8);
        in.skipBytes(FrameType.HEADER_BYTES);
        int next = in.readerIndex() + length;
        sink.frame(type, flags, id, in.slice(in.readerIndex(), length));
        in.readerIndex(next);
        return true;
    }

    /// Releases an incomplete frame.
    public void close() {
        if (rest != null) {
            rest.release();
            rest = null;
        }
    }
}
