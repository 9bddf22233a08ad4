package dev.loomgate.python.wire;

import io.netty.buffer.ByteBuf;

/// Writes frames.
public final class Frames {
    private Frames() {}

    /// Appends a header; the payload has to follow.
    public static void header(ByteBuf out, int type, int flags, int id, int length) {
        out.ensureWritable(FrameType.HEADER_BYTES + length);
        out.writeIntLE(length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeShort(0);
        out.writeIntLE(id);
    }

    /// Appends a frame without a payload.
    public static void empty(ByteBuf out, int type, int flags, int id) {
        header(out, type, flags, id, 0);
    }

    /// Appends a frame with these bytes.
    public static void bytes(ByteBuf out, int type, int flags, int id, byte[] payload) {
        header(out, type, flags, id, payload.length);
        out.writeBytes(payload);
    }

    /// Appends a frame with a number.
    public static void number(ByteBuf out, int type, int id, int number) {
        header(out, type, 0, id, 4);
        out.writeIntLE(number);
    }

    /// Appends an ACCEPT.
    ///
    /// @param take whether connections are to be taken
    /// @param limit after how many requests the worker says so; 0 for never
    public static void accept(ByteBuf out, boolean take, int limit) {
        header(out, FrameType.ACCEPT, take ? FrameType.TAKE : 0, 0, Integer.BYTES);
        out.writeIntLE(limit);
    }

    /// Appends a HAND_OVER.
    ///
    /// @param ageNanos what is so old, or older, is to be handed over
    public static void handOver(ByteBuf out, long ageNanos) {
        header(out, FrameType.HAND_OVER, 0, 0, Long.BYTES);
        out.writeLongLE(ageNanos);
    }

    /// Appends a STACK.
    ///
    /// @param id the request's; 0 for one that the worker has taken itself
    /// @param question the number that TOLD repeats
    /// @param sinceNanos when such a one began; 0 for others
    public static void stack(ByteBuf out, int id, int question, long sinceNanos) {
        header(out, FrameType.STACK, 0, id, Integer.BYTES + Long.BYTES);
        out.writeIntLE(question);
        out.writeLongLE(sinceNanos);
    }

    /// Appends a REQUEST.
    ///
    /// @param body the body's beginning
    /// @param flags whether it is the whole body, and whether the program may open a WebSocket
    public static void request(ByteBuf out, int id, byte[] environ, int environLength, byte[] body, int flags) {
        int length = 4 + environLength + body.length;
        out.ensureWritable(FrameType.HEADER_BYTES + length);
        header(out, FrameType.REQUEST, flags, id, length);
        out.writeIntLE(environLength);
        out.writeBytes(environ, 0, environLength);
        out.writeBytes(body);
    }
}
