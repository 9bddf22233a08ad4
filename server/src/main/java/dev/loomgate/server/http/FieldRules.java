package dev.loomgate.server.http;

import static dev.loomgate.server.http.Head.refused;

import dev.loomgate.server.Limits;
import io.netty.util.NetUtil;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The fields that decide where a message ends and whom it is for, and what makes them ambiguous.
///
/// Source: RFC 9112 sections 3.2 and 6; RFC 9110 sections 7.2, 8.6 and 10.1.1.
final class FieldRules {
    private static final String NOT_CHUNKED = "Transfer-Encoding is not chunked";

    private final byte[] bytes;
    private final Limits limits;

    private int hostFrom;
    private int hostTo = -1;
    private boolean authority;
    private boolean hasLength;
    private long length = RequestHead.NO_LENGTH;
    private int codingFrom;
    private int codingTo = -1;
    private byte @Nullable [] codings;
    private boolean hasType;
    private boolean close;
    private boolean keepAlive;
    private boolean upgrade;
    private boolean expectContinue;
    private boolean trailers;

    FieldRules(byte[] bytes, Limits limits) {
        this.bytes = bytes;
        this.limits = limits;
    }

    /// Looks at one field. Fields of no concern are told by their name's length.
    @Nullable
    Head check(int nameFrom, int nameTo, int valueFrom, int valueTo) {
        return switch (nameTo - nameFrom) {
            case 2 -> {
                if (Bytes.equal(bytes, nameFrom, nameTo, "te")) {
                    takes(valueFrom, valueTo);
                }
                yield null;
            }
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
            case 17 -> {
                if (Bytes.equal(bytes, nameFrom, nameTo, "transfer-encoding")) {
                    coding(valueFrom, valueTo);
                }
                yield null;
            }
            default -> null;
        };
    }

    /// Takes what stands for a Host field, before the fields: a Host field may only repeat it.
    @Nullable
    Head authority(int from, int to) {
        Head refusal = host(from, to);
        authority = true;
        return refusal;
    }

    private @Nullable Head host(int from, int to) {
        if (authority) {
            authority = false;
            return Arrays.equals(bytes, from, to, bytes, hostFrom, hostTo)
                    ? null
                    : refused(
                            400,
                            "Host is not the authority",
                            "Host is not :authority: " + Bytes.shown(bytes, from, to));
        }
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
            if (at == to || bytes[at] != ']' || !NetUtil.isValidIpV6Address(Bytes.text(bytes, inside, at))) {
                return false;
            }
            at++;
        } else {
            while (at < to && Bytes.isHost(bytes[at])) {
                if (bytes[at] == '%' && !isPercentEncoded(bytes, at, to)) {
                    return false;
                }
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

    /// Whether a `%` has its two digits (RFC 3986 section 2.1).
    static boolean isPercentEncoded(byte[] bytes, int at, int to) {
        return at + 2 < to && Bytes.hex(bytes[at + 1]) >= 0 && Bytes.hex(bytes[at + 2]) >= 0;
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

    // Several lines are one list (RFC 9110 section 5.3).
    private void coding(int from, int to) {
        if (codingTo < 0) {
            codingFrom = from;
            codingTo = to;
            return;
        }
        String before =
                codings == null ? Bytes.text(bytes, codingFrom, codingTo) : Bytes.text(codings, 0, codings.length);
        codings = (before + ", " + Bytes.text(bytes, from, to)).getBytes(StandardCharsets.ISO_8859_1);
    }

    private boolean isChunked() {
        return codingTo >= 0 && codings == null && Bytes.equal(bytes, codingFrom, codingTo, "chunked");
    }

    private Head otherCoding() {
        boolean once = codings == null;
        byte[] list = codings == null ? Arrays.copyOfRange(bytes, codingFrom, codingTo) : codings;
        // What is a list of codings with chunked at its end is valid, but nothing that this server undoes.
        if (isCodingList(list)) {
            return refused(501, NOT_CHUNKED, NOT_CHUNKED + ": " + Bytes.shown(list, 0, list.length));
        }
        String problem = once ? NOT_CHUNKED : "Transfer-Encoding occurs twice";
        return refused(400, problem, problem + ": " + Bytes.shown(list, 0, list.length));
    }

    // token OWS "," OWS, again and again, none of them chunked or identity; then chunked
    private static boolean isCodingList(byte[] list) {
        int at = 0;
        while (true) {
            int token = at;
            while (at < list.length && Bytes.isToken(list[at])) {
                at++;
            }
            if (at == list.length) {
                return Bytes.equal(list, token, at, "chunked");
            }
            if (at == token || Bytes.equal(list, token, at, "chunked") || Bytes.equal(list, token, at, "identity")) {
                return false;
            }
            at = afterBlanks(list, at);
            if (at == list.length || list[at] != ',') {
                return false;
            }
            at = afterBlanks(list, at + 1);
        }
    }

    private static int afterBlanks(byte[] list, int from) {
        int at = from;
        while (at < list.length && (list[at] == ' ' || list[at] == '\t')) {
            at++;
        }
        return at;
    }

    private @Nullable Head expect(int from, int to) {
        if (!Bytes.equal(bytes, from, to, "100-continue")) {
            return refused(417, "only 100-continue can be expected", "Expect: " + Bytes.shown(bytes, from, to));
        }
        expectContinue = true;
        return null;
    }

    // TE, RFC 9110 section 10.1.4: codings, and a word of its own.
    private void takes(int from, int to) {
        for (int at = from; at < to; at++) {
            int end = tokenEnd(at, to);
            trailers |= Bytes.equal(bytes, at, end, "trailers");
            at = end;
        }
    }

    private void connection(int from, int to) {
        for (int at = from; at < to; at++) {
            int end = tokenEnd(at, to);
            close |= Bytes.equal(bytes, at, end, "close");
            keepAlive |= Bytes.equal(bytes, at, end, "keep-alive");
            upgrade |= Bytes.equal(bytes, at, end, "upgrade");
            at = end;
        }
    }

    private int tokenEnd(int from, int to) {
        int at = from;
        while (at < to && Bytes.isToken(bytes[at])) {
            at++;
        }
        return at;
    }

    /// Looks at the fields together.
    @Nullable
    Head complete(int minorVersion) {
        boolean hasCoding = codingTo >= 0;
        if (hasCoding && hasLength) {
            return refused(
                    400,
                    "Content-Length and Transfer-Encoding exclude each other",
                    "both Content-Length and Transfer-Encoding");
        }
        if (hasCoding && minorVersion == 0) {
            return refused(400, "HTTP/1.0 has no Transfer-Encoding", "Transfer-Encoding in an HTTP/1.0 request");
        }
        if (hasCoding && !isChunked()) {
            return otherCoding();
        }
        if (hostTo < 0 && minorVersion == 1) {
            return refused(400, "Host is missing", "HTTP/1.1 request without Host");
        }
        if (limits.maxBodyBytes() > 0 && length > limits.maxBodyBytes()) {
            return refused(
                    413,
                    "the request's body is too large",
                    "request body of %d bytes, over %d".formatted(length, limits.maxBodyBytes()),
                    "maxBodyBytes");
        }
        return null;
    }

    int flags(int minorVersion) {
        boolean persistent = !close && (minorVersion == 1 || keepAlive);
        return (isChunked() ? RequestHead.CHUNKED : 0)
                | (persistent ? RequestHead.KEEP_ALIVE : 0)
                | (upgrade && minorVersion == 1 ? RequestHead.UPGRADE : 0)
                | (expectContinue && minorVersion == 1 ? RequestHead.EXPECT_CONTINUE : 0)
                | (trailers && minorVersion == 1 ? RequestHead.TAKES_TRAILERS : 0);
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
