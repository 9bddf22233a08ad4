package dev.loomgate.toolkit.syntax;

import java.nio.charset.StandardCharsets;

/// UTF-8 that may be broken.
public final class Utf8 {
    private Utf8() {}

    /// The text that was meant where a gateway shows bytes as characters up to U+00FF, as PEP 3333 does. Broken
    /// UTF-8 is replaced by U+FFFD; a text that has other characters was decoded before, and stays.
    public static String ofBytes(String text) {
        boolean ascii = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0xff) {
                return text;
            }
            ascii &= c < 0x80;
        }
        return ascii ? text : new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /// The number of bytes of the well-formed sequence at `at`, or 0 if there is none (Unicode 16, table 3-7).
    static int sequence(byte[] bytes, int at, int end) {
        int first = bytes[at] & 0xff;
        if (first < 0x80) {
            return 1;
        }
        if (first < 0xc2 || first > 0xf4) {
            return 0;
        }
        int length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        if (at + length > end) {
            return 0;
        }
        int second = bytes[at + 1] & 0xff;
        int low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < low || second > high) {
            return 0;
        }
        for (int i = 2; i < length; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    /// Appends the text of the bytes; what is no UTF-8 stays as `%XX`.
    static void appendOrQuote(byte[] bytes, int end, StringBuilder text) {
        int at = 0;
        while (at < end) {
            int length = sequence(bytes, at, end);
            if (length == 1) {
                text.append((char) bytes[at++]);
            } else if (length > 1) {
                text.append(new String(bytes, at, length, StandardCharsets.UTF_8));
                at += length;
            } else {
                Percent.appendQuoted(bytes[at++], text);
            }
        }
    }
}
