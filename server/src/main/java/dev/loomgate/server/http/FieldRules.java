package dev.loomgate.server.http;

import static dev.loomgate.server.http.Head.refused;

import dev.loomgate.server.Limits;
import org.jspecify.annotations.Nullable;

/// The fields that decide where a message ends and whom it is for, and what makes them ambiguous.
///
/// Source: RFC 9112 sections 3.2 and 6; RFC 9110 sections 7.2, 8.6 and 10.1.1.
final class FieldRules {
    private final byte[] bytes;
    private final Limits limits;

    private int hostFrom;
    private int hostTo = -1;
    private boolean hasLength;
    private long length = RequestHead.NO_LENGTH;
    private boolean chunked;
    private boolean hasCoding;
    private boolean hasType;
    private boolean close;
    private boolean keepAlive;
    private boolean expectContinue;

    FieldRules(byte[] bytes, Limits limits) {
        this.bytes = bytes;
        this.limits = limits;
    }

    /// Looks at one field. Fields of no concern are told by their name's length.
    @Nullable
    Head check(int nameFrom, int nameTo, int valueFrom, int valueTo) {
        return switch (nameTo - nameFrom) {
            case 4 -> Bytes.equal(bytes, nameFrom, nameTo, "host") ? host(valueFrom, valueTo) : null;
            case 6 -> Bytes.equal(bytes, nameFrom, nameTo, "expect") ? expect(valueFrom, valueTo) : null;
            case 10 -> {
                if (Bytes.equal(bytes, nameFrom, nameTo, "connection")) {
                    connection(valueFrom, valueTo);
                }
                yield null;
            }
            case 12 -> {
                if (Bytes.equal(bytes, nameFrom, nameTo, "content-type")) {
                    if (hasType) {
                        yield refused(400, "Content-Type occurs twice", "Content-Type occurs twice");
                    }
                    hasType = true;
                }
                yield null;
            }
            case 14 ->
                Bytes.equal(bytes, nameFrom, nameTo, "content-length") ? contentLength(valueFrom, valueTo) : null;
            case 17 -> Bytes.equal(bytes, nameFrom, nameTo, "transfer-encoding") ? coding(valueFrom, valueTo) : null;
            default -> null;
        };
    }

    private @Nullable Head host(int from, int to) {
        if (hostTo >= 0) {
            return refused(400, "Host occurs twice", "Host occurs twice");
        }
        if (!isAuthority(bytes, from, to)) {
            return refused(400, "Host is not valid", "Host is not valid: " + Bytes.shown(bytes, from, to));
        }
        hostFrom = from;
        hostTo = to;
        return null;
    }

    /// Whether the bytes are `host [ ":" port ]`, with a host.
    static boolean isAuthority(byte[] bytes, int from, int to) {
        int at = from;
        if (at < to && bytes[at] == '[') {
            at++;
            int inside = at;
            while (at < to && (Bytes.hex(bytes[at]) >= 0 || bytes[at] == ':' || bytes[at] == '.')) {
                at++;
            }
            if (at == inside || at == to || bytes[at] != ']') {
                return false;
            }
            at++;
        } else {
            while (at < to && Bytes.isHost(bytes[at])) {
                at++;
            }
            if (at == from) {
                return false;
            }
        }
        if (at < to && bytes[at] == ':') {
            at++;
            while (at < to && Bytes.isDigit(bytes[at])) {
                at++;
            }
        }
        return at == to;
    }

    private @Nullable Head contentLength(int from, int to) {
        if (hasLength) {
            return refused(400, "Content-Length occurs twice", "Content-Length occurs twice");
        }
        hasLength = true;
        long value = 0;
        boolean valid = to > from && to - from <= 18 && (bytes[from] != '0' || to == from + 1);
        for (int i = from; valid && i < to; i++) {
            valid = Bytes.isDigit(bytes[i]);
            value = 10 * value + bytes[i] - '0';
        }
        if (!valid) {
            return refused(
                    400,
                    "Content-Length is not a number",
                    "Content-Length is not a number: " + Bytes.shown(bytes, from, to));
        }
        length = value;
        return null;
    }

    private @Nullable Head coding(int from, int to) {
        if (hasCoding) {
            return refused(400, "Transfer-Encoding occurs twice", "Transfer-Encoding occurs twice");
        }
        hasCoding = true;
        chunked = Bytes.equal(bytes, from, to, "chunked");
        if (chunked) {
            return null;
        }
        // What is a list of codings with chunked at its end is valid, but nothing that this server undoes.
        boolean list = to - from > 8 && Bytes.equal(bytes, to - 7, to, "chunked") && isCodingList(from, to - 7);
        return refused(
                list ? 501 : 400,
                "Transfer-Encoding is not chunked",
                "Transfer-Encoding is not chunked: " + Bytes.shown(bytes, from, to));
    }

    // token "," OWS, again and again, none of them chunked or identity
    private boolean isCodingList(int from, int to) {
        int at = from;
        while (at < to) {
            int token = at;
            while (at < to && Bytes.isToken(bytes[at])) {
                at++;
            }
            if (at == token
                    || at == to
                    || bytes[at] != ','
                    || Bytes.equal(bytes, token, at, "chunked")
                    || Bytes.equal(bytes, token, at, "identity")) {
                return false;
            }
            at++;
            while (at < to && bytes[at] == ' ') {
                at++;
            }
        }
        return true;
    }

    private @Nullable Head expect(int from, int to) {
        if (!Bytes.equal(bytes, from, to, "100-continue")) {
            return refused(417, "only 100-continue can be expected", "Expect: " + Bytes.shown(bytes, from, to));
        }
        expectContinue = true;
        return null;
    }

    private void connection(int from, int to) {
        int at = from;
        while (at < to) {
            int token = at;
            while (at < to && Bytes.isToken(bytes[at])) {
                at++;
            }
            close |= Bytes.equal(bytes, token, at, "close");
            keepAlive |= Bytes.equal(bytes, token, at, "keep-alive");
            at++;
        }
    }

    /// Looks at the fields together.
    @Nullable
    Head complete(int minorVersion) {
        if (hasCoding && hasLength) {
            return refused(
                    400,
                    "Content-Length and Transfer-Encoding exclude each other",
                    "both Content-Length and Transfer-Encoding");
        }
        if (hasCoding && minorVersion == 0) {
            return refused(400, "HTTP/1.0 has no Transfer-Encoding", "Transfer-Encoding in an HTTP/1.0 request");
        }
        if (hostTo < 0 && minorVersion == 1) {
            return refused(400, "Host is missing", "HTTP/1.1 request without Host");
        }
        if (limits.maxBodyBytes() > 0 && length > limits.maxBodyBytes()) {
            return refused(
                    413,
                    "the request's body is too large",
                    "request body of %d bytes, over %d (--limit-post)".formatted(length, limits.maxBodyBytes()));
        }
        return null;
    }

    int flags(int minorVersion) {
        boolean persistent = !close && (minorVersion == 1 || keepAlive);
        return (chunked ? RequestHead.CHUNKED : 0)
                | (persistent ? RequestHead.KEEP_ALIVE : 0)
                | (expectContinue && minorVersion == 1 ? RequestHead.EXPECT_CONTINUE : 0);
    }

    long contentLength() {
        return length;
    }

    int hostFrom() {
        return hostFrom;
    }

    int hostTo() {
        return hostTo;
    }
}
