package dev.loomgate.toolkit.syntax;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/// Percent-encoding (RFC 3986 section 2.1), with the safe sets of the URL standard's parts as Werkzeug has them.
public final class Percent {
    private static final String UNRESERVED = Ascii.ALPHANUMERIC + "_.-~";

    /// What a path may hold unquoted.
    public static final Ascii PATH = Ascii.of(UNRESERVED + "!$&'()*+,/:;=@");

    /// What a path may hold that is quoted in part already.
    public static final Ascii QUOTED_PATH = Ascii.of(UNRESERVED + "%!$&'()*+,/:;=@");

    /// What a cookie's path may hold: a `;` would end it.
    public static final Ascii COOKIE_PATH = Ascii.of(UNRESERVED + "%!$&'()*+,/:=@");

    /// What a query may hold that is quoted in part already.
    public static final Ascii QUOTED_QUERY = Ascii.of(UNRESERVED + "%!$&'()*+,/:;=?@");
    static final Ascii QUOTED_FRAGMENT = Ascii.of(UNRESERVED + "%!#$&'()*+,/:;=?@");
    static final Ascii QUOTED_USER = Ascii.of(UNRESERVED + "%!$&'()*+,;=");
    static final Ascii QUERY_VALUE = Ascii.of(UNRESERVED + "!$'()*,/:;?@");

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private Percent() {}

    /// The text with every character outside `safe` quoted, in UTF-8.
    public static String quote(String text, Ascii safe) {
        if (safe.containsAll(text)) {
            return text;
        }
        StringBuilder quoted = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (safe.contains(b)) {
                quoted.append((char) b);
            } else {
                appendQuoted(b, quoted);
            }
        }
        return quoted.toString();
    }

    static void appendQuoted(byte b, StringBuilder quoted) {
        quoted.append('%').append(HEX[(b >> 4) & 0xf]).append(HEX[b & 0xf]);
    }

    /// The text with its quoted bytes decoded as UTF-8. What is no UTF-8, and what `keep` holds, stays quoted, so
    /// that nothing is lost and no delimiter appears.
    public static String unquote(String text, Ascii keep) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder unquoted = new StringBuilder(text.length());
        byte[] run = new byte[text.length() / 3];
        int at = 0;
        while (at < text.length()) {
            int length = 0;
            int b;
            while ((b = quotedByte(text, at)) >= 0 && !keep.contains(b)) {
                run[length++] = (byte) b;
                at += 3;
            }
            Utf8.appendOrQuote(run, length, unquoted);
            if (b >= 0) {
                unquoted.append(text, at, at + 3);
                at += 3;
            } else if (at < text.length()) {
                unquoted.append(text.charAt(at++));
            }
        }
        return unquoted.toString();
    }

    /// The ASCII text with its quoted bytes decoded by a charset; what is none in it becomes U+FFFD.
    static String decode(String text, Charset charset) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        int at = 0;
        while (at < text.length()) {
            int b = quotedByte(text, at);
            bytes.write(b < 0 ? text.charAt(at) : b);
            at += b < 0 ? 1 : 3;
        }
        return bytes.toString(charset);
    }

    /// The byte that `%XX` at this place stands for, or -1 if there is none.
    static int quotedByte(String text, int at) {
        if (at + 2 >= text.length() || text.charAt(at) != '%') {
            return -1;
        }
        int high = hexDigit(text.charAt(at + 1));
        int low = hexDigit(text.charAt(at + 2));
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    // Not Character.digit: that takes the digits of every script.
    private static int hexDigit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int letter = c | 0x20;
        return letter >= 'a' && letter <= 'f' && c < 128 ? letter - 'a' + 10 : -1;
    }
}
