package dev.loomgate.server.http;

import static dev.loomgate.server.http.Head.refused;

import org.jspecify.annotations.Nullable;

/// The forms of a request target, and where its parts are.
///
/// | form | example | served |
/// |---|---|---|
/// | origin | `/user?name=Bob` | yes |
/// | absolute | `http://example.org/user` | yes; its authority replaces Host |
/// | asterisk | `*` | for OPTIONS, with an empty path |
/// | authority | `example.org:443` | no: there is no CONNECT here |
///
/// Source: RFC 9112 section 3.2.
final class TargetRules {
    private final byte[] bytes;
    private final int from;
    private final int to;
    private int authorityFrom;
    private int authorityTo = -1;
    private int pathFrom;
    private int pathTo;

    TargetRules(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
    }

    /// Finds the parts, or says why there are none.
    @Nullable
    Head check(String method) {
        if (method.equals("CONNECT")) {
            return refused(501, "this server is not a proxy", "CONNECT " + Bytes.shown(bytes, from, to));
        }
        if (bytes[from] == '/') {
            pathFrom = from;
        } else if (bytes[from] == '*' && to == from + 1) {
            pathFrom = to;
            pathTo = to;
            return method.equals("OPTIONS") ? null : bad("the target * is for OPTIONS only");
        } else if (!absolute()) {
            return bad("the request target has no valid form");
        }
        return path();
    }

    private boolean absolute() {
        int authority = from;
        if (startsWith("http://")) {
            authority += 7;
        } else if (startsWith("https://")) {
            authority += 8;
        } else {
            return false;
        }
        int end = authority;
        while (end < to && bytes[end] != '/' && bytes[end] != '?') {
            end++;
        }
        authorityFrom = authority;
        authorityTo = end;
        pathFrom = end;
        return FieldRules.isAuthority(bytes, authority, end);
    }

    private boolean startsWith(String scheme) {
        if (to - from < scheme.length()) {
            return false;
        }
        for (int i = 0; i < scheme.length(); i++) {
            byte b = bytes[from + i];
            if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != scheme.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private @Nullable Head path() {
        int at = pathFrom;
        while (at < to && bytes[at] != '?') {
            if (bytes[at] == '%') {
                if (!FieldRules.isPercentEncoded(bytes, at, to)) {
                    return bad("the path has a % without two digits");
                }
                if (bytes[at + 1] == '0' && bytes[at + 2] == '0') {
                    return bad("the path has a NUL");
                }
            }
            at++;
        }
        pathTo = at;
        return null;
    }

    private Head bad(String why) {
        return bad(why, bytes, from, to);
    }

    static Head bad(String why, byte[] bytes, int from, int to) {
        return refused(400, "the request target is not valid", why + ": " + Bytes.shown(bytes, from, to));
    }

    boolean hasAuthority() {
        return authorityTo >= 0;
    }

    int authorityFrom() {
        return authorityFrom;
    }

    int authorityTo() {
        return authorityTo;
    }

    int pathFrom() {
        return pathFrom;
    }

    int pathTo() {
        return pathTo;
    }
}
