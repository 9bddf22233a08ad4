package dev.loomgate.server.http;

import dev.loomgate.gateway.Quoting;
import java.nio.charset.StandardCharsets;

/// What the bytes of a message's head may be (RFC 9110 section 5.6.2, RFC 9112 section 3.2, RFC 3986 section
/// 3.2.2).
final class Bytes {
    private static final int TOKEN = 1;
    private static final int VALUE = 2;
    private static final int TARGET = 4;
    private static final int HOST = 8;

    private static final byte[] KINDS = new byte[256];

    static {
        mark(TOKEN, "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
        mark(HOST, "-._~%!$&'()*+;=0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
        for (int b = 0; b < 256; b++) {
            if ((b >= ' ' && b != 0x7f) || b == '\t') {
                KINDS[b] |= VALUE;
            }
            // More than RFC 3986 allows, as browsers send quotes, braces and bars undecoded; but no fragment.
            if (b > ' ' && b < 0x7f && b != '#') {
                KINDS[b] |= TARGET;
            }
        }
    }

    private Bytes() {}

    private static void mark(int kind, String characters) {
        for (int i = 0; i < characters.length(); i++) {
            KINDS[characters.charAt(i)] |= (byte) kind;
        }
    }

    /// Whether the byte may be part of a method or a field name.
    static boolean isToken(byte b) {
        return (KINDS[b & 0xff] & TOKEN) != 0;
    }

    /// Whether the byte may be part of a field value: visible, space, tab, or past ASCII.
    static boolean isValue(byte b) {
        return (KINDS[b & 0xff] & VALUE) != 0;
    }

    /// Whether the byte may be part of a request target.
    static boolean isTarget(byte b) {
        return (KINDS[b & 0xff] & TARGET) != 0;
    }

    /// Whether the byte may be part of a host's name.
    static boolean isHost(byte b) {
        return (KINDS[b & 0xff] & HOST) != 0;
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /// The value of a hexadecimal digit, or -1.
    static int hex(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /// Whether the bytes are `lowerCase`, without regard to their case. Its characters past the letters must be
    /// such that setting bit 5 doesn't change them: digits and the hyphen.
    static boolean equal(byte[] bytes, int from, int to, String lowerCase) {
        if (to - from != lowerCase.length()) {
            return false;
        }
        for (int i = 0; i < lowerCase.length(); i++) {
            if ((bytes[from + i] | 0x20) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// The bytes as text, byte by byte.
    static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /// The bytes as a log may show them.
    static String shown(byte[] bytes, int from, int to) {
        return "\"" + Quoting.printable(text(bytes, from, Math.min(to, from + 100))) + "\"";
    }
}
