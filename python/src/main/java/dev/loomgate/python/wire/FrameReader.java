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

    private final Sink sink;
    private @Nullable ByteBuf rest;

    public FrameReader(Sink sink) {
        this.sink = sink;
    }

    /// Shows each frame that these bytes complete. Releases the buffer.
    ///
    /// @throws FrameException if these are no frames
    public void read(ByteBuf bytes) {
        ByteBuf all = bytes;
        if (rest != null) {
            all = rest;
            rest = null;
            try {
                all.writeBytes(bytes);
            } finally {
                bytes.release();
            }
        }
        try {
            while (readOne(all)) {
                // the frames that are complete
            }
            if (all.isReadable()) {
                int missing = all.readableBytes() < 4 ? 0 : all.getIntLE(all.readerIndex());
                rest = all.alloc().buffer(Math.max(all.readableBytes(), missing + FrameType.HEADER_BYTES) + 4096);
                rest.writeBytes(all);
            }
        } finally {
            all.release();
        }
    }

    private boolean readOne(ByteBuf in) {
        if (in.readableBytes() < FrameType.HEADER_BYTES) {
            return false;
        }
        int at = in.readerIndex();
        int length = in.getIntLE(at);
        if (length < 0 || length > FrameType.MAX_PAYLOAD_BYTES) {
            throw new FrameException("a frame of %d bytes, over %d: these are not frames"
                    .formatted(Integer.toUnsignedLong(length), FrameType.MAX_PAYLOAD_BYTES));
        }
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
