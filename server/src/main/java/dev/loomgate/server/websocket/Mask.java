package dev.loomgate.server.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// What each client frame's payload is masked with (RFC 6455 section 5.3): byte `i` with byte `i mod 4` of the key.
final class Mask {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private int key;

    /// The key of a new frame, as its four bytes are in the frame.
    void begin(int itsKey) {
        key = itsKey;
    }

    /// Unmasks the next bytes of the payload.
    void apply(byte[] bytes, int from, int to) {
        int at = from;
        long twice = (long) key << 32 | (key & 0xffff_ffffL);
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            LONGS.set(bytes, at, (long) LONGS.get(bytes, at) ^ twice);
        }
        for (; at < to; at++) {
            bytes[at] ^= (byte) (key >>> 24);
            key = Integer.rotateLeft(key, 8);
        }
    }
}
