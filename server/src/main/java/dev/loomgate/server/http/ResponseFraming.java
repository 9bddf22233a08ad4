package dev.loomgate.server.http;

import dev.loomgate.gateway.Headers;
import dev.loomgate.server.exchange.ResponseHead;
import dev.loomgate.server.head.HeadWriter;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// How a response says where it ends (RFC 9112 section 6): by its length, by its last chunk, or by the
/// connection's end. One connection, loop side.
final class ResponseFraming {
    private static final byte[] SERVER = HeadWriter.ascii("Server: loomgate\r\n");
    private static final byte[] CLOSE = HeadWriter.ascii("Connection: close\r\n");
    private static final byte[] UPGRADE = HeadWriter.ascii("Upgrade: websocket\r\n");
    private static final byte[] KEEP_ALIVE = HeadWriter.ascii("Connection: keep-alive\r\n");
    private static final byte[] CHUNKED = HeadWriter.ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] LAST_CHUNK = HeadWriter.ascii("0\r\n\r\n");
    private static final byte[] LAST_CHUNK_LINE = HeadWriter.ascii("0\r\n");
    private static final byte[] HEX = HeadWriter.ascii("0123456789abcdef");
    private static final int CRLF = '\r' << 8 | '\n';
    private static final int COLON_SPACE = ':' << 8 | ' ';

    private final byte[] altSvc;
    private boolean chunked;
    private boolean endsWithConnection;

    /// @param altSvc the line `Alt-Svc: ...`, where the application sends none; empty for none
    ResponseFraming(byte[] altSvc) {
        this.altSvc = altSvc;
    }

    /// Writes a head.
    ///
    /// @param minorVersion that of the request
    /// @param persistent whether the connection could go on after this response
    /// @param date the line with the date
    /// @return whether it does
    boolean writeHead(HeadWriter out, ResponseHead head, int minorVersion, boolean persistent, byte[] date) {
        out.begin(head.status(), head.headers());
        boolean goesOn = persistent && !out.wantsClose();
        chunked = false;
        endsWithConnection = false;
        if (head.hasLength()) {
            out.contentLength(head.length());
        } else if (!head.bodiless()) {
            if (minorVersion == 1) {
                chunked = true;
                out.field(CHUNKED);
            } else {
                endsWithConnection = true;
                goesOn = false;
            }
        }
        if (!out.hasDate()) {
            out.field(date);
        }
        if (!out.hasServer()) {
            out.field(SERVER);
        }
        if (altSvc.length > 0 && !head.headers().contains("Alt-Svc")) {
            out.field(altSvc);
        }
        if (head.status().code() == 426) {
            out.field(UPGRADE); // RFC 9110 section 15.5.22
        }
        if (!goesOn) {
            out.field(CLOSE);
        } else if (minorVersion == 0) {
            out.field(KEEP_ALIVE);
        }
        out.end();
        return goesOn;
    }

    /// Whether nothing but the connection's end tells where the content ends.
    boolean endsWithConnection() {
        return endsWithConnection;
    }

    /// Writes a piece of content, at least one byte.
    void writeContent(ByteBuf out, byte[] bytes, int count) {
        if (!chunked) {
            out.writeBytes(bytes, 0, count);
            return;
        }
        int shift = 28;
        while (count >>> shift == 0) {
            shift -= 4;
        }
        for (; shift >= 0; shift -= 4) {
            out.writeByte(HEX[count >>> shift & 15]);
        }
        out.writeShort(CRLF).writeBytes(bytes, 0, count).writeShort(CRLF);
    }

    /// Writes what follows the last piece.
    ///
    /// @param trailers fields for the place after the last chunk; or null
    void writeEnd(ByteBuf out, @Nullable Headers trailers) {
        if (!chunked) {
            return;
        }
        if (trailers == null) {
            out.writeBytes(LAST_CHUNK);
            return;
        }
        out.writeBytes(LAST_CHUNK_LINE);
        trailers.forEach((name, value) -> {
            out.writeCharSequence(name, StandardCharsets.ISO_8859_1);
            out.writeShort(COLON_SPACE);
            out.writeCharSequence(value, StandardCharsets.ISO_8859_1);
            out.writeShort(CRLF);
        });
        out.writeShort(CRLF);
    }
}
