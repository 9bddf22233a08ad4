package dev.loomgate.server.http;

import dev.loomgate.server.Limits;
import dev.loomgate.server.exchange.Refusal;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads a chunked body in whatever pieces it comes.
///
/// ```
///  size in hex [ BWS ";" extension ] CRLF
///  size bytes                        CRLF    ... again and again
///  0           [ BWS ";" extension ] CRLF
///  trailer fields, each              CRLF        ... which are checked and dropped
///  CRLF
/// ```
/// Source: RFC 9112 section 7.1. One body, loop side.
final class ChunkedReader {
    /// Where the content goes.
    interface Sink {
        /// Takes exactly `length` bytes from `in`.
        void content(ByteBuf in, int length);
    }

    /// How far the body is.
    enum Progress {
        INCOMPLETE,
        COMPLETE,
        REFUSED
    }

    private enum Expected {
        FIRST_DIGIT,
        SIZE,
        SEMICOLON,
        EXTENSION,
        SIZE_LF,
        CONTENT,
        CONTENT_CR,
        CONTENT_LF,
        TRAILER
    }

    // Within an extension: RFC 9110 section 5.6.4.
    private enum Quote {
        NONE,
        OPEN,
        ESCAPED
    }

    private static final int MAX_SIZE_DIGITS = 15;
    private static final byte[] NOTHING = {};

    private final Limits limits;
    private Expected expected = Expected.FIRST_DIGIT;
    private int digits;
    private long size;
    private int extensionBytes;
    private Quote quote = Quote.NONE;
    private byte[] line = NOTHING;
    private int lineLength;
    private int trailerBytes;
    private int trailers;
    private @Nullable Refusal refusal;

    ChunkedReader(Limits limits) {
        this.limits = limits;
    }

    /// Why the body is refused, after [Progress#REFUSED].
    Refusal refusal() {
        if (refusal == null) {
            throw new IllegalStateException("the body is not refused");
        }
        return refusal;
    }

    /// Takes what is there of the body, and nothing behind it.
    Progress read(ByteBuf in, Sink sink) {
        while (in.isReadable()) {
            if (expected == Expected.CONTENT) {
                int length = (int) Math.min(size, in.readableBytes());
                sink.content(in, length);
                size -= length;
                if (size == 0) {
                    expected = Expected.CONTENT_CR;
                }
            } else if (next(in.readByte())) {
                return refusal == null ? Progress.COMPLETE : Progress.REFUSED;
            }
        }
        return Progress.INCOMPLETE;
    }

    // Returns whether the body ends here, well or not.
    private boolean next(byte b) {
        return switch (expected) {
            case FIRST_DIGIT -> firstDigit(b);
            case SIZE -> size(b);
            case SEMICOLON -> semicolon(b);
            case EXTENSION -> extension(b);
            case SIZE_LF -> {
                if (b != '\n') {
                    yield refuse("a chunk's size doesn't end with CRLF");
                }
                expected = size == 0 ? Expected.TRAILER : Expected.CONTENT;
                yield false;
            }
            case CONTENT -> throw new IllegalStateException("content is not read byte by byte");
            case CONTENT_CR -> {
                expected = Expected.CONTENT_LF;
                yield b != '\r' && refuse("a chunk is longer than its size");
            }
            case CONTENT_LF -> {
                expected = Expected.FIRST_DIGIT;
                yield b != '\n' && refuse("a chunk doesn't end with CRLF");
            }
            case TRAILER -> trailer(b);
        };
    }

    private boolean firstDigit(byte b) {
        if (Bytes.hex(b) < 0) {
            return refuse("a chunk's size is not a hexadecimal number");
        }
        size = 0;
        digits = 0;
        expected = Expected.SIZE;
        return size(b);
    }

    private boolean size(byte b) {
        int digit = Bytes.hex(b);
        if (digit >= 0) {
            size = 16 * size + digit;
            digits++;
            return digits > MAX_SIZE_DIGITS && refuse("a chunk's size has too many digits");
        }
        if (b == '\r') {
            expected = Expected.SIZE_LF;
            return false;
        }
        return semicolon(b);
    }

    // Blanks may stand before an extension, but not before the line's end.
    private boolean semicolon(byte b) {
        if (b == ';') {
            expected = Expected.EXTENSION;
            return false;
        }
        if (b != ' ' && b != '\t') {
            return refuse("a chunk's size is not a hexadecimal number");
        }
        expected = Expected.SEMICOLON;
        return countExtensionByte();
    }

    private boolean extension(byte b) {
        if (b == '\r') {
            expected = Expected.SIZE_LF;
            // Another reader might look for its end behind the line's.
            return quote != Quote.NONE && refuse("a chunk's extension has a quote without an end");
        }
        quote = switch (quote) {
            case NONE -> b == '"' ? Quote.OPEN : Quote.NONE;
            case OPEN -> b == '"' ? Quote.NONE : b == '\\' ? Quote.ESCAPED : Quote.OPEN;
            case ESCAPED -> Quote.OPEN;
        };
        if (!Bytes.isValue(b)) {
            return refuse("a chunk's extension has a control character");
        }
        return countExtensionByte();
    }

    private boolean countExtensionByte() {
        extensionBytes++;
        return extensionBytes > limits.maxHeaderBytes() && refuse("the chunks' extensions take too many bytes");
    }

    private boolean trailer(byte b) {
        trailerBytes++;
        if (trailerBytes > limits.maxHeaderBytes()) {
            refusal = new Refusal(
                    431,
                    "the request's trailer is too large",
                    "http: trailer of over %d bytes".formatted(limits.maxHeaderBytes()),
                    "maxHeaderBytes");
            return true;
        }
        if (b != '\n') {
            if (lineLength == line.length) {
                line = Arrays.copyOf(line, Math.max(64, 2 * lineLength));
            }
            line[lineLength++] = b;
            return false;
        }
        if (lineLength == 0 || line[lineLength - 1] != '\r') {
            return refuse("a trailer field doesn't end with CRLF");
        }
        int length = lineLength - 1;
        lineLength = 0;
        return length == 0 || trailerField(length);
    }

    private boolean trailerField(int length) {
        int name = 0;
        while (name < length && Bytes.isToken(line[name])) {
            name++;
        }
        boolean valid = name > 0 && name < length && line[name] == ':';
        for (int i = name + 1; valid && i < length; i++) {
            valid = Bytes.isValue(line[i]);
        }
        if (!valid) {
            return refuse("a trailer field is not valid");
        }
        // RFC 9110 section 6.5.1: fields that frame or route a message have no place here.
        if (Bytes.equal(line, 0, name, "content-length")
                || Bytes.equal(line, 0, name, "transfer-encoding")
                || Bytes.equal(line, 0, name, "host")) {
            return refuse("a trailer field has no place there");
        }
        trailers++;
        if (trailers > limits.maxHeaderCount()) {
            refusal = new Refusal(
                    431,
                    "the request has too many trailer fields",
                    "http: over %d trailer fields".formatted(limits.maxHeaderCount()),
                    "maxHeaderCount");
            return true;
        }
        return false;
    }

    private boolean refuse(String text) {
        refusal = new Refusal(400, text, "http: chunked body: " + text);
        return true;
    }
}
