package dev.loomgate.server.cgi;

import dev.loomgate.gateway.Quoting;
import java.nio.charset.StandardCharsets;

/// Bytes of a packet read as latin-1, and its numbers.
final class PacketText {
    private static final int MAX_SHOWN = 100;

    private PacketText() {}

    /// The u16, little end first, at `at`.
    static int u16(byte[] block, int at) {
        return (block[at] & 0xff) | (block[at + 1] & 0xff) << 8;
    }

    static String text(byte[] block, int at, int length) {
        return new String(block, at, length, StandardCharsets.ISO_8859_1);
    }

    /// Whether `text`, which is ASCII, stands at `at`; the caller has compared the lengths.
    static boolean equal(String text, byte[] block, int at) {
        for (int i = 0; i < text.length(); i++) {
            if (block[at + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// For log lines: cut, and without anything that could forge a line.
    static String shown(byte[] block, int at, int length) {
        return Quoting.printable(text(block, at, Math.min(length, MAX_SHOWN)));
    }

    /// The number that these digits are, or -1 if there is something else than digits, nothing, or more than a
    /// long holds. RFC 9110 section 8.6: `1*DIGIT`, so no sign, no space, no list.
    static long digits(byte[] block, int at, int length) {
        long number = length == 0 ? -1 : 0;
        for (int i = at; i < at + length && number >= 0; i++) {
            int digit = block[i] - '0';
            boolean fits = digit >= 0 && digit <= 9 && number <= (Long.MAX_VALUE - digit) / 10;
            number = fits ? 10 * number + digit : -1;
        }
        return number;
    }
}
