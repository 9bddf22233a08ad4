package dev.loomgate.toolkit.routes;

import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known of one request on its way through the rules. Used by one thread at a time.
final class Trip {
    private final Environ environ;
    private final List<Map.Entry<String, String>> added = new ArrayList<>();
    private final List<String> removed = new ArrayList<>();
    private final long began = System.nanoTime();
    private List<String> groups = List.of();
    private int status;
    private @Nullable BodyLength length;

    Trip(Environ environ) {
        this.environ = environ;
    }

    Environ environ() {
        return environ;
    }

    /// A variable; empty if there is none that is text.
    String variable(String name) {
        return environ.text(name, "");
    }

    /// What the last regular expression has found, the whole first; empty after other conditions.
    List<String> groups() {
        return groups;
    }

    void groups(List<String> found) {
        groups = found;
    }

    /// The response's; 0 before there is one.
    int status() {
        return status;
    }

    void status(int code) {
        status = code;
    }

    /// How the response's Content-Length is made; null if it is left as it is.
    @Nullable
    BodyLength bodyLength() {
        return length;
    }

    void bodyLength(BodyLength wanted) {
        length = wanted;
    }

    long micros() {
        return (System.nanoTime() - began) / 1000;
    }

    void addHeader(String name, String value) {
        added.add(Map.entry(name, value));
    }

    void removeHeader(String name) {
        removed.add(name);
    }

    /// Changes a response's headers: the application's are taken away, then others are added.
    void changeHeaders(Headers headers) {
        removed.forEach(headers::remove);
        added.forEach(header -> headers.add(header.getKey(), header.getValue()));
    }
}
