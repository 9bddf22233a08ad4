package dev.loomgate.server.http;

import dev.loomgate.server.Limits;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// Finds the end of a request's head in whatever pieces it comes, and has [HeadParser] read it.
///
/// A line must end with CRLF: neither a bare LF nor a bare CR ends one (RFC 9112 section 2.2 allows a bare LF; two
/// implementations that don't agree on it are how requests are smuggled). One connection, loop side.
final class HeadReader {
    private static final int STEP = 4 * 1024;
    private static final int MAX_EMPTY_LINES = 4;
    private static final byte[] NOTHING = {};

    private final Limits limits;
    private final HeadScratch scratch;

    // The head's beginning, if it hasn't come whole.
    private byte[] partial = NOTHING;
    private int length;

    private int scanned;
    private int lineFrom;
    private int requestFrom;

    HeadReader(Limits limits, HeadScratch scratch) {
        this.limits = limits;
        this.scratch = scratch;
    }

    /// Whether bytes of a head have come that isn't complete.
    boolean hasPart() {
        return length > requestFrom;
    }

    /// Takes bytes from `in` up to the head's end, if that has come.
    Head read(ByteBuf in) {
        byte[] bytes = length == 0 ? scratch.bytes : partial;
        while (in.isReadable()) {
            int step = Math.min(in.readableBytes(), STEP);
            if (length + step > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + step));
            }
            in.getBytes(in.readerIndex(), bytes, length, step);
            int end = findEnd(bytes, length + step);
            if (end > 0) {
                in.skipBytes(end - length);
                Head head = end - requestFrom > limits.maxHeaderBytes()
                        ? tooLarge(limits)
                        : HeadParser.parse(Arrays.copyOfRange(bytes, requestFrom, end), limits, scratch);
                reset();
                return head;
            }
            in.skipBytes(step);
            length += step;
            Head refused = end < 0 ? badLineEnd(bytes) : checkUnfinished(bytes);
            if (refused != Head.Incomplete.INCOMPLETE) {
                return refused;
            }
        }
        keep(bytes);
        return Head.Incomplete.INCOMPLETE;
    }

    private void keep(byte[] bytes) {
        if (bytes == scratch.bytes) {
            partial = Arrays.copyOf(bytes, Math.max(length, 256));
        } else {
            partial = bytes;
        }
    }

    private void reset() {
        partial = NOTHING;
        length = 0;
        scanned = 0;
        lineFrom = 0;
        requestFrom = 0;
    }

    /// Where the head ends; 0 if it hasn't come yet; -1 if a line ends with a bare LF.
    private int findEnd(byte[] bytes, int limit) {
        for (int i = scanned; i < limit; i++) {
            if (bytes[i] == '\n') {
                int lineTo = i - 1;
                if (lineTo < lineFrom || bytes[lineTo] != '\r') {
                    return -1;
                }
                if (lineTo > lineFrom) {
                    lineFrom = i + 1;
                } else if (lineFrom == requestFrom && requestFrom < 2 * MAX_EMPTY_LINES) {
                    // RFC 9112 section 2.2: empty lines before the request are ignored. Only a few.
                    lineFrom = i + 1;
                    requestFrom = i + 1;
                } else {
                    return i + 1;
                }
            }
        }
        scanned = limit;
        return 0;
    }

    private Head checkUnfinished(byte[] bytes) {
        boolean inRequestLine = lineFrom == requestFrom;
        if (length > requestFrom && !Bytes.isToken(bytes[requestFrom]) && bytes[requestFrom] != '\r') {
            return HeadParser.badBeginning(bytes, requestFrom, length);
        }
        if (inRequestLine && length - requestFrom > limits.maxUriLength() + HeadParser.MAX_METHOD_LENGTH + 12) {
            return HeadParser.uriTooLong("over " + (length - requestFrom), limits);
        }
        return length - requestFrom > limits.maxHeaderBytes() ? tooLarge(limits) : Head.Incomplete.INCOMPLETE;
    }

    static Head.Refused tooLarge(Limits limits) {
        return Head.refused(
                431,
                "the request's head is too large",
                "request head of over %d bytes".formatted(limits.maxHeaderBytes()),
                "maxHeaderBytes");
    }

    private Head badLineEnd(byte[] bytes) {
        return Head.refused(
                400,
                "a line of the request's head doesn't end with CRLF",
                "line ends without CR: " + Bytes.shown(bytes, lineFrom, length));
    }
}
