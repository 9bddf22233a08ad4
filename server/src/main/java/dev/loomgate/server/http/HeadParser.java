package dev.loomgate.server.http;

import static dev.loomgate.server.http.Head.refused;

import dev.loomgate.server.Limits;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads a complete head, front to back, once.
///
/// ```
///  method SP request-target SP HTTP/1.1 CRLF
///  name ":" OWS value OWS CRLF        ... again and again
///  CRLF
/// ```
/// Source: RFC 9112 sections 2 to 6.
final class HeadParser {
    static final int MAX_METHOD_LENGTH = 32;
    private static final String LINE_NOT_VALID = "the request line is not valid";

    private final byte[] bytes;
    private final Limits limits;
    private final HeadScratch scratch;
    private final FieldRules rules;
    private int at;
    private int count;

    private HeadParser(byte[] bytes, Limits limits, HeadScratch scratch) {
        this.bytes = bytes;
        this.limits = limits;
        this.scratch = scratch;
        this.rules = new FieldRules(bytes, limits);
    }

    /// The request in `bytes`, which is a head with its final empty line, or why it is none.
    static Head parse(byte[] bytes, Limits limits, HeadScratch scratch) {
        return new HeadParser(bytes, limits, scratch).parse();
    }

    private Head parse() {
        while (Bytes.isToken(bytes[at])) {
            at++;
        }
        int methodTo = at;
        if (methodTo == 0) {
            return badBeginning(bytes, 0, bytes.length);
        }
        if (bytes[at] != ' ') {
            return badLine("the method is not a token");
        }
        if (methodTo > MAX_METHOD_LENGTH) {
            return methodTooLong(methodTo);
        }
        int targetFrom = ++at;
        while (Bytes.isTarget(bytes[at])) {
            at++;
        }
        int targetTo = at;
        if (bytes[at] != ' ' || targetTo == targetFrom) {
            return badLine("the request target is not valid");
        }
        if (targetTo - targetFrom > limits.maxUriLength()) {
            return uriTooLong(Integer.toString(targetTo - targetFrom), limits);
        }
        at++;
        int minor = version();
        if (minor < 0) {
            return minor == OTHER_VERSION
                    ? refused(505, "only HTTP/1.1 and HTTP/1.0 are supported", "version " + shownLine())
                    : badLine("the version is not valid");
        }
        Head refusal = fields();
        if (refusal != null) {
            return refusal;
        }
        return complete(method(bytes, 0, methodTo), targetFrom, targetTo, minor);
    }

    private static final int NO_VERSION = -1;
    private static final int OTHER_VERSION = -2;

    // HTTP/1.1 CRLF; leaves `at` behind the line.
    private int version() {
        int from = at;
        if (bytes.length - from < 10
                || bytes[from] != 'H'
                || bytes[from + 1] != 'T'
                || bytes[from + 2] != 'T'
                || bytes[from + 3] != 'P'
                || bytes[from + 4] != '/'
                || !Bytes.isDigit(bytes[from + 5])
                || bytes[from + 6] != '.'
                || !Bytes.isDigit(bytes[from + 7])
                || bytes[from + 8] != '\r'
                || bytes[from + 9] != '\n') {
            return NO_VERSION;
        }
        at = from + 10;
        int minor = bytes[from + 7] - '0';
        // A later minor version is answered as the highest one that is known here (RFC 9110 section 2.5).
        return bytes[from + 5] != '1' ? OTHER_VERSION : Math.min(minor, 1);
    }

    private @Nullable Head fields() {
        while (bytes[at] != '\r') {
            int nameFrom = at;
            while (Bytes.isToken(bytes[at])) {
                at++;
            }
            int nameTo = at;
            if (nameTo == nameFrom || bytes[nameTo] != ':') {
                return badField(nameFrom, nameTo);
            }
            at++;
            while (bytes[at] == ' ' || bytes[at] == '\t') {
                at++;
            }
            int valueFrom = at;
            while (Bytes.isValue(bytes[at])) {
                at++;
            }
            if (bytes[at] != '\r' || bytes[at + 1] != '\n') {
                return refused(
                        400,
                        "a header field has a control character",
                        "field %s has a control character at %d"
                                .formatted(Bytes.shown(bytes, nameFrom, nameTo), at - valueFrom));
            }
            int valueTo = at;
            while (valueTo > valueFrom && (bytes[valueTo - 1] == ' ' || bytes[valueTo - 1] == '\t')) {
                valueTo--;
            }
            at += 2;
            if (count == limits.maxHeaderCount()) {
                return tooMany(count);
            }
            add(nameFrom, nameTo, valueFrom, valueTo);
            Head refusal = rules.check(nameFrom, nameTo, valueFrom, valueTo);
            if (refusal != null) {
                return refusal;
            }
        }
        // A CR that begins a line must be the head's end.
        return at + 2 == bytes.length ? null : badField(at, at);
    }

    private void add(int nameFrom, int nameTo, int valueFrom, int valueTo) {
        int place = 4 * count++;
        int[] fields = scratch.fields;
        if (place == fields.length) {
            fields = Arrays.copyOf(fields, 2 * place);
            scratch.fields = fields;
        }
        fields[place] = nameFrom;
        fields[place + 1] = nameTo;
        fields[place + 2] = valueFrom;
        fields[place + 3] = valueTo;
    }

    private Head complete(String method, int targetFrom, int targetTo, int minor) {
        Head refusal = rules.complete(minor);
        if (refusal != null) {
            return refusal;
        }
        TargetRules target = new TargetRules(bytes, targetFrom, targetTo);
        refusal = target.check(method);
        if (refusal != null) {
            return refusal;
        }
        boolean absolute = target.hasAuthority();
        int flags = rules.flags(minor) | (absolute ? RequestHead.ABSOLUTE : 0);
        return new Head.Valid(new RequestHead(
                bytes,
                method,
                minor,
                targetFrom,
                targetTo,
                target.pathFrom(),
                target.pathTo(),
                absolute ? target.authorityFrom() : rules.hostFrom(),
                absolute ? target.authorityTo() : rules.hostTo(),
                Arrays.copyOf(scratch.fields, 4 * count),
                rules.contentLength(),
                flags));
    }

    /// The method in those bytes; one that is known without a new string.
    static String method(byte[] bytes, int from, int to) {
        return switch (to - from) {
            case 3 -> known(bytes, from, to, "GET", "PUT");
            case 4 -> known(bytes, from, to, "POST", "HEAD");
            case 5 -> known(bytes, from, to, "PATCH", "TRACE");
            case 6 -> known(bytes, from, to, "DELETE", "DELETE");
            case 7 -> known(bytes, from, to, "OPTIONS", "CONNECT");
            default -> Bytes.text(bytes, from, to);
        };
    }

    private static String known(byte[] bytes, int from, int to, String one, String other) {
        if (isMethod(bytes, from, one)) {
            return one;
        }
        return isMethod(bytes, from, other) ? other : Bytes.text(bytes, from, to);
    }

    private static boolean isMethod(byte[] bytes, int from, String name) {
        for (int i = 0; i < name.length(); i++) {
            if (bytes[from + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// Looks at a method and a request target that didn't come in a line of text.
    static @Nullable Head checkLine(
            byte[] bytes, int methodFrom, int methodTo, int targetFrom, int targetTo, Limits limits) {
        int at = methodFrom;
        while (at < methodTo && Bytes.isToken(bytes[at])) {
            at++;
        }
        if (at < methodTo || at == methodFrom) {
            return refused(
                    400, LINE_NOT_VALID, "the method is not a token: " + Bytes.shown(bytes, methodFrom, methodTo));
        }
        if (methodTo - methodFrom > MAX_METHOD_LENGTH) {
            return methodTooLong(methodTo - methodFrom);
        }
        if (targetTo - targetFrom > limits.maxUriLength()) {
            return uriTooLong(Integer.toString(targetTo - targetFrom), limits);
        }
        for (int i = targetFrom; i < targetTo; i++) {
            if (!Bytes.isTarget(bytes[i])) {
                return refused(
                        400,
                        LINE_NOT_VALID,
                        "the request target is not valid: " + Bytes.shown(bytes, targetFrom, targetTo));
            }
        }
        return null;
    }

    private static Head methodTooLong(int length) {
        return refused(501, "this method is not supported", "method of " + length + " bytes");
    }

    static Head.Refused tooMany(int count) {
        return refused(
                431,
                "the request has too many header fields",
                "over %d header fields".formatted(count),
                "maxHeaderCount");
    }

    static Head badBeginning(byte[] bytes, int from, int to) {
        return bytes[from] == 0x16
                ? refused(400, "this is an HTTP port; it takes no TLS", "TLS handshake on an HTTP port")
                : refused(400, LINE_NOT_VALID, "request line begins with " + Bytes.shown(bytes, from, to));
    }

    static Head uriTooLong(String length, Limits limits) {
        return refused(
                414,
                "the request target is too long",
                "request target of %s bytes, over %d".formatted(length, limits.maxUriLength()),
                "maxUriLength");
    }

    private Head badLine(String why) {
        return refused(400, LINE_NOT_VALID, why + ": " + shownLine());
    }

    private String shownLine() {
        int to = 0;
        while (bytes[to] != '\n') {
            to++;
        }
        return Bytes.shown(bytes, 0, to - 1);
    }

    private Head badField(int nameFrom, int nameTo) {
        byte found = bytes[nameTo];
        if (nameFrom == nameTo && (found == ' ' || found == '\t')) {
            return refused(400, "a header field is folded", "folded header field, obsolete since RFC 7230");
        }
        if (found == ' ' || found == '\t') {
            return refused(
                    400,
                    "a header field has a space before its colon",
                    "space after the field name " + Bytes.shown(bytes, nameFrom, nameTo));
        }
        return refused(
                400,
                "a header field's name is not valid",
                "field name is not a token: " + Bytes.shown(bytes, nameFrom, Math.min(nameTo + 20, bytes.length)));
    }
}
