package dev.loomgate.cli.dashboard;

/// The beginning of a text from outside: a page gets no more of it each second. A target alone may have
/// 64 KB.
final class Excerpt {
    private static final int MOST_CHARS = 400;

    private Excerpt() {}

    static String of(String text) {
        return text.length() > MOST_CHARS ? text.substring(0, MOST_CHARS) + "..." : text;
    }
}
