package dev.loomgate.toolkit.syntax;

import java.util.function.BiConsumer;

/// `name=value&name=value`, as in a URL's query and in an `application/x-www-form-urlencoded` body (URL standard,
/// section 5).
public final class QueryString {
    private QueryString() {}

    /// Calls `pair` for each pair in order; a name without `=` has an empty value. Characters up to U+00FF stand for
    /// the bytes that came; bytes that are no UTF-8 are shown as `%XX`.
    public static void parse(String text, BiConsumer<String, String> pair) {
        int length = text.length();
        int start = 0;
        while (start < length) {
            int end = text.indexOf('&', start);
            if (end < 0) {
                end = length;
            }
            if (end > start) {
                int equals = text.indexOf('=', start);
                if (equals < 0 || equals > end) {
                    pair.accept(decode(text, start, end), "");
                } else {
                    pair.accept(decode(text, start, equals), decode(text, equals + 1, end));
                }
            }
            start = end + 1;
        }
    }

    /// The pair as it stands in a query.
    public static void append(String name, String value, StringBuilder query) {
        if (!query.isEmpty()) {
            query.append('&');
        }
        query.append(encode(name)).append('=').append(encode(value));
    }

    private static String encode(String text) {
        String quoted = Percent.quote(text, Percent.QUERY_VALUE);
        return text.indexOf(' ') < 0 ? quoted : quoted.replace("%20", "+");
    }

    private static String decode(String text, int start, int end) {
        int i = start;
        while (i < end && isPlain(text.charAt(i))) {
            i++;
        }
        if (i == end) {
            return text.substring(start, end);
        }
        StringBuilder decoded = new StringBuilder(end - start);
        decoded.append(text, start, i);
        byte[] run = new byte[end - i];
        String part = text.substring(i, end);
        int length = 0;
        for (int at = 0; at < part.length(); at++) {
            char c = part.charAt(at);
            int quoted = Percent.quotedByte(part, at);
            if (quoted >= 0) {
                run[length++] = (byte) quoted;
                at += 2;
            } else if (c <= 0xff) {
                run[length++] = (byte) (c == '+' ? ' ' : c);
            } else {
                Utf8.appendOrQuote(run, length, decoded);
                length = 0;
                decoded.append(c);
            }
        }
        Utf8.appendOrQuote(run, length, decoded);
        return decoded.toString();
    }

    private static boolean isPlain(char c) {
        return c < 128 && c != '%' && c != '+';
    }
}
