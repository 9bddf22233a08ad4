package dev.loomgate.toolkit;

import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import java.util.Optional;
import java.util.function.BiConsumer;

/// A request's header fields: a view of its environ, in which names compare without regard to case. A field that
/// came more than once is one value here, joined with commas.
public final class RequestHeaders {
    private final Environ environ;

    RequestHeaders(Environ environ) {
        this.environ = environ;
    }

    /// The field of that name: `first("Accept-Language")`.
    public Optional<String> first(String name) {
        return environ.header(name);
    }

    /// The field of that name, or `otherwise`.
    public String get(String name, String otherwise) {
        return environ.text(Environ.keyOf(name), otherwise);
    }

    public boolean contains(String name) {
        return first(name).isPresent();
    }

    /// Calls `action` for each field; decodes them all.
    public void forEach(BiConsumer<? super String, ? super String> action) {
        environ.forEach((key, value) -> {
            if (value instanceof String text) {
                if (key.startsWith("HTTP_")) {
                    action.accept(nameOf(key, 5), text);
                } else if ((key.equals("CONTENT_TYPE") || key.equals("CONTENT_LENGTH")) && !text.isEmpty()) {
                    action.accept(nameOf(key, 0), text);
                }
            }
        });
    }

    /// A copy.
    public Headers copy() {
        Headers copy = new Headers();
        forEach(copy::add);
        return copy;
    }

    // ACCEPT_LANGUAGE -> Accept-Language
    private static String nameOf(String key, int start) {
        StringBuilder name = new StringBuilder(key.length() - start);
        boolean first = true;
        for (int i = start; i < key.length(); i++) {
            char c = key.charAt(i);
            name.append(c == '_' ? '-' : first ? c : Character.toLowerCase(c));
            first = c == '_';
        }
        return name.toString();
    }

    @Override
    public String toString() {
        return copy().toString();
    }
}
