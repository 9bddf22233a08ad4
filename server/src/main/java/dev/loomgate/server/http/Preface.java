package dev.loomgate.server.http;

import dev.loomgate.server.head.HeadWriter;
import io.netty.buffer.ByteBuf;

/// What a client of HTTP/2 sends first (RFC 9113 section 3.4): to a server of HTTP/1.1 the head of a request `PRI *`,
/// which none would send.
public final class Preface {
    private static final byte[] BYTES = HeadWriter.ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    /// The number of its bytes.
    public static final int LENGTH = BYTES.length;

    private Preface() {}

    /// Whether what is readable is the preface, or how one begins.
    public static boolean mayBegin(ByteBuf in) {
        int from = in.readerIndex();
        int count = Math.min(in.readableBytes(), LENGTH);
        for (int i = 0; i < count; i++) {
            if (in.getByte(from + i) != BYTES[i]) {
                return false;
            }
        }
        return true;
    }
}
