package dev.loomgate.server.observe;

import org.jspecify.annotations.Nullable;

/// What is counted apart of requests with the same route, packed into one number: method, status, protocol, scheme and
/// fault. Each part has few values, whatever clients send, so that the kinds have a bound.
///
/// ```
///  bits 0 to 3   4 to 13   14 to 16   17      18
///  | method    | status  | protocol | https | client gone |
/// ```
final class RequestKind {
    /// The methods of RFC 9110 section 9, PATCH (RFC 5789) and QUERY; anything else is `_OTHER`, OpenTelemetry's word.
    private static final String[] METHODS = {
        "_OTHER", "CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"
    };

    private static final String[] PROTOCOLS = {"", "0.9", "1.0", "1.1", "2", "3"};

    /// How many pairs of a method and a scheme there are.
    static final int METHODS_AND_SCHEMES = 2 * 16;

    private static final int STATUS_AT = 4;
    private static final int STATUS_MASK = 0x3ff;
    private static final int PROTOCOL_AT = 14;
    private static final int HTTPS = 1 << 17;
    private static final int GONE = 1 << 18;

    private RequestKind() {}

    static int of(
            @Nullable Object method, int status, @Nullable Object protocol, @Nullable Object scheme, boolean isGone) {
        return method(method)
                | (status & STATUS_MASK) << STATUS_AT
                | protocol(protocol) << PROTOCOL_AT
                | ("https".equals(scheme) ? HTTPS : 0)
                | (isGone ? GONE : 0);
    }

    /// A number for a method and a scheme, below [#METHODS_AND_SCHEMES].
    static int methodAndScheme(@Nullable Object method, @Nullable Object scheme) {
        return 2 * method(method) + ("https".equals(scheme) ? 1 : 0);
    }

    /// The same as another kind, but of any method and status.
    static int other(int kind) {
        return kind & ~(0xf | STATUS_MASK << STATUS_AT);
    }

    static String method(int kind) {
        return METHODS[kind & 0xf];
    }

    /// The method of a number of [#methodAndScheme]; empty where none has it.
    static String methodOfPair(int pair) {
        return pair / 2 < METHODS.length ? METHODS[pair / 2] : "";
    }

    static int status(int kind) {
        return kind >> STATUS_AT & STATUS_MASK;
    }

    static String protocol(int kind) {
        return PROTOCOLS[kind >> PROTOCOL_AT & 7];
    }

    static String scheme(int kind) {
        return (kind & HTTPS) == 0 ? "http" : "https";
    }

    static boolean isGone(int kind) {
        return (kind & GONE) != 0;
    }

    private static int method(@Nullable Object method) {
        if (!(method instanceof String text)) {
            return 0;
        }
        return switch (text) {
            case "CONNECT" -> 1;
            case "DELETE" -> 2;
            case "GET" -> 3;
            case "HEAD" -> 4;
            case "OPTIONS" -> 5;
            case "PATCH" -> 6;
            case "POST" -> 7;
            case "PUT" -> 8;
            case "QUERY" -> 9;
            case "TRACE" -> 10;
            default -> 0;
        };
    }

    private static int protocol(@Nullable Object protocol) {
        if (!(protocol instanceof String text)) {
            return 0;
        }
        return switch (text) {
            case "HTTP/0.9" -> 1;
            case "HTTP/1.0" -> 2;
            case "HTTP/1.1" -> 3;
            case "HTTP/2", "HTTP/2.0" -> 4;
            case "HTTP/3", "HTTP/3.0" -> 5;
            default -> 0;
        };
    }
}
