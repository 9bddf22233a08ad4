package dev.loomgate.toolkit.syntax;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/// The `Cookie` header, and a cookie's value in `Set-Cookie`.
///
/// ```
/// Cookie: a=1; b="x\054y"; c
/// ```
///
/// RFC 6265 section 4.1.1, plus what clients send beside it: quoted values, with backslash and octal escapes, and
/// names without a value. A cookie without a name is dropped: it would let `=__Host-x=bad` pass for `__Host-x`
/// (CVE-2023-23934).
public final class CookieHeader {
    private static final Ascii UNQUOTED = Ascii.of(Ascii.ALPHANUMERIC + "_!#$%&'()*+-./:<=>?@[]^`{|}~");

    private final String text;
    private int at;

    private CookieHeader(String text) {
        this.text = text;
    }

    /// Calls `cookie` for each cookie in order. Characters up to U+00FF stand for the bytes that came.
    public static void parse(String header, BiConsumer<String, String> cookie) {
        new CookieHeader(Utf8.ofBytes(header)).parse(cookie);
    }

    private void parse(BiConsumer<String, String> cookie) {
        while (at <= text.length()) {
            int start = at;
            if (!parseOne(cookie)) {
                int next = text.indexOf(';', start);
                if (next < 0) {
                    return;
                }
                at = next + 1;
            }
        }
    }

    private boolean parseOne(BiConsumer<String, String> cookie) {
        skipBlanks();
        int start = at;
        while (at < text.length() && isValueCharacter(text.charAt(at)) && text.charAt(at) != '=') {
            at++;
        }
        if (at == start) {
            return false;
        }
        String name = text.substring(start, at);
        String value = "";
        skipBlanks();
        if (at < text.length() && text.charAt(at) == '=') {
            at++;
            skipBlanks();
            if (at < text.length() && text.charAt(at) == '"') {
                int end = closingQuote();
                if (end < 0) {
                    return false;
                }
                value = unescape(text.substring(at + 1, end));
                at = end + 1;
            } else {
                int from = at;
                while (at < text.length() && isValueCharacter(text.charAt(at))) {
                    at++;
                }
                value = text.substring(from, at);
            }
            skipBlanks();
        }
        if (at < text.length() && text.charAt(at) != ';') {
            return false;
        }
        at++;
        cookie.accept(name, value);
        return true;
    }

    private int closingQuote() {
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                return i;
            }
            if (c == '\\' && (++i == text.length() || text.charAt(i) == '\n')) {
                return -1;
            }
        }
        return -1;
    }

    private void skipBlanks() {
        while (at < text.length() && Ascii.isBlank(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isValueCharacter(char c) {
        return !Ascii.isBlank(c) && c != '"' && c != ';';
    }

    private static String unescape(String quoted) {
        if (quoted.indexOf('\\') < 0) {
            return quoted;
        }
        byte[] bytes = quoted.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream unescaped = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '\\' || i + 1 == bytes.length || bytes[i + 1] == '\n') {
                unescaped.write(bytes[i]);
            } else if (isOctal(bytes, i + 1)) {
                unescaped.write((bytes[i + 1] - '0') << 6 | (bytes[i + 2] - '0') << 3 | (bytes[i + 3] - '0'));
                i += 3;
            } else {
                unescaped.write(bytes[++i]);
            }
        }
        return unescaped.toString(StandardCharsets.UTF_8);
    }

    private static boolean isOctal(byte[] bytes, int i) {
        return i + 2 < bytes.length
                && bytes[i] >= '0'
                && bytes[i] <= '3'
                && bytes[i + 1] >= '0'
                && bytes[i + 1] <= '7'
                && bytes[i + 2] >= '0'
                && bytes[i + 2] <= '7';
    }

    /// A cookie's value as `Set-Cookie` holds it: quoted, with octal escapes, where RFC 6265 would not allow it
    /// bare.
    public static String quote(String value) {
        if (UNQUOTED.containsAll(value)) {
            return value;
        }
        StringBuilder quoted = new StringBuilder(value.length() + 8).append('"');
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            if (b == '"' || b == '\\') {
                quoted.append('\\').append((char) b);
            } else if (b < ' ' || b == ',' || b == ';' || b == 0x7f) {
                quoted.append('\\')
                        .append((char) ('0' + ((b >> 6) & 3)))
                        .append((char) ('0' + ((b >> 3) & 7)))
                        .append((char) ('0' + (b & 7)));
            } else {
                quoted.append((char) b);
            }
        }
        return quoted.append('"').toString();
    }
}
