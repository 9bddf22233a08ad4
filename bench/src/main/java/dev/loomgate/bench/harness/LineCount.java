package dev.loomgate.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Lines of code in Java: those that have something besides blanks and comments, without imports and the package's
/// line. What is in a string or a text block is code, whatever it looks like.
public final class LineCount {
    private static final String TEXT_BLOCK = "\"\"\"";

    private final String source;
    private final StringBuilder code = new StringBuilder();
    private int at;

    private LineCount(String source) {
        this.source = source;
    }

    /// Of all these files together.
    ///
    /// @throws IOException if one can't be read
    public static int of(List<Path> files) throws IOException {
        int lines = 0;
        for (Path file : files) {
            lines += of(Files.readString(file));
        }
        return lines;
    }

    /// Of one source.
    public static int of(String source) {
        LineCount count = new LineCount(source);
        while (count.at < source.length()) {
            count.next();
        }
        return (int) count.code
                .toString()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("import ") && !line.startsWith("package "))
                .count();
    }

    private void next() {
        if (source.startsWith("//", at)) {
            skipTo("\n", 0);
        } else if (source.startsWith("/*", at)) {
            skipTo("*/", 2);
        } else if (source.startsWith(TEXT_BLOCK, at)) {
            keepTo(TEXT_BLOCK);
        } else if (source.charAt(at) == '"' || source.charAt(at) == '\'') {
            keepTo(source.substring(at, at + 1));
        } else {
            code.append(source.charAt(at));
            at++;
        }
    }

    private void skipTo(String end, int length) {
        int found = source.indexOf(end, at);
        int next = found < 0 ? source.length() : found + length;
        // Code before and after it may be on lines of their own.
        source.substring(at, next).chars().filter(c -> c == '\n').forEach(c -> code.append((char) c));
        at = next;
    }

    private void keepTo(String quote) {
        int end = at + quote.length();
        while (end < source.length() && !source.startsWith(quote, end)) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        int next = Math.min(source.length(), end + quote.length());
        code.append(source, at, next);
        at = next;
    }
}
