package dev.loomgate.bench.arena;

import java.util.ArrayList;
import java.util.List;

/// What an entry answers wrongly.
final class Faults {
    private final List<String> found = new ArrayList<>();

    void expect(String what, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            found.add("%s: %s instead of %s".formatted(what, shortened(actual), shortened(expected)));
        }
    }

    void expect(String what, boolean right) {
        if (!right) {
            found.add(what);
        }
    }

    /// `application/javascript` is the older name of `text/javascript` (RFC 9239); parameters may
    /// follow.
    void expectType(String what, String expected, String contentType) {
        int end = contentType.indexOf(';');
        String type = (end < 0 ? contentType : contentType.substring(0, end)).strip();
        expect(what + ", Content-Type", expected, type.equals("application/javascript") ? "text/javascript" : type);
    }

    List<String> found() {
        return List.copyOf(found);
    }

    private static String shortened(Object value) {
        String text = value.toString();
        return text.length() <= 60 ? "\"" + text + "\"" : "\"" + text.substring(0, 60) + "…\"";
    }
}
