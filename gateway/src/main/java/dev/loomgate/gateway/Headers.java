package dev.loomgate.gateway;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A list of header fields: ordered, mutable, with names that compare without regard to case and may occur more than
/// once.
///
/// A name must be a token (RFC 9110 section 5.1). A value may hold any latin-1 character but controls (a tab is one
/// that may stay), so no response can be split by a value that carries CR or LF. Not safe for use by several threads
/// at once.
///
/// ```java
/// Headers headers = Headers.of("Content-Type", "text/plain").add("Set-Cookie", "a=1").add("Set-Cookie", "b=2");
/// headers.first("content-type");   // Optional[text/plain]
/// headers.all("Set-Cookie");       // [a=1, b=2]
/// ```
public final class Headers implements Iterable<Map.Entry<String, String>> {
    private static final boolean[] TOKEN = new boolean[128];

    static {
        for (char c : "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".toCharArray()) {
            TOKEN[c] = true;
        }
    }

    // Names at even places, values at odd ones: a response has a handful of fields, and a scan beats a hash for those.
    private String[] fields;
    private int end;

    public Headers() {
        fields = new String[16];
    }

    private Headers(Headers other) {
        fields = other.fields.clone();
        end = other.end;
    }

    /// Headers of alternating names and values.
    ///
    /// @throws IllegalArgumentException if their number is odd, or a name or a value is not valid
    public static Headers of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("names and values must come in pairs, not " + namesAndValues.length);
        }
        Headers headers = new Headers();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    /// Appends a field, also where the name is there already.
    ///
    /// @throws IllegalArgumentException if the name is no token, or the value has a control or a non-latin-1
    /// character
    public Headers add(String name, String value) {
        checkName(name);
        checkValue(name, value);
        if (end == fields.length) {
            fields = Arrays.copyOf(fields, 2 * end);
        }
        fields[end++] = name;
        fields[end++] = value;
        return this;
    }

    /// Gives the field this one value, in the place of its first occurrence, and drops further occurrences.
    ///
    /// @throws IllegalArgumentException as for [#add]
    public Headers set(String name, String value) {
        int first = find(name, 0);
        if (first < 0) {
            return add(name, value);
        }
        checkValue(name, value);
        fields[first + 1] = value;
        removeFrom(first + 2, name);
        return this;
    }

    /// Adds the field unless there is one of that name.
    public Headers setDefault(String name, String value) {
        return contains(name) ? this : add(name, value);
    }

    /// Drops all fields of that name; returns whether there was one.
    public boolean remove(String name) {
        return removeFrom(0, name);
    }

    public boolean contains(String name) {
        return find(name, 0) >= 0;
    }

    /// The first value of that name.
    public Optional<String> first(String name) {
        return Optional.ofNullable(firstOrNull(name));
    }

    private @Nullable String firstOrNull(String name) {
        int i = find(name, 0);
        return i < 0 ? null : fields[i + 1];
    }

    /// All values of that name, in order; an empty list if there is none.
    public List<String> all(String name) {
        List<String> values = new ArrayList<>();
        for (int i = find(name, 0); i >= 0; i = find(name, i + 2)) {
            values.add(fields[i + 1]);
        }
        return values;
    }

    /// The number of fields; a name that occurs twice counts twice.
    public int size() {
        return end / 2;
    }

    public boolean isEmpty() {
        return end == 0;
    }

    /// A copy that changes by itself.
    public Headers copy() {
        return new Headers(this);
    }

    /// Calls `action` for each field in order, without an object for each.
    public void forEach(BiConsumer<? super String, ? super String> action) {
        for (int i = 0; i < end; i += 2) {
            action.accept(fields[i], fields[i + 1]);
        }
    }

    /// The fields in order; the iterator can't remove.
    @Override
    public Iterator<Map.Entry<String, String>> iterator() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < end;
            }

            @Override
            public Map.Entry<String, String> next() {
                if (next >= end) {
                    throw new NoSuchElementException();
                }
                next += 2;
                return Map.entry(fields[next - 2], fields[next - 1]);
            }
        };
    }

    /// Whether both hold the same fields in the same order; names compare without regard to case.
    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Headers that) || that.end != end) {
            return false;
        }
        for (int i = 0; i < end; i += 2) {
            if (!fields[i].equalsIgnoreCase(that.fields[i]) || !fields[i + 1].equals(that.fields[i + 1])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (int i = 1; i < end; i += 2) {
            hash = 31 * hash + fields[i].hashCode();
        }
        return hash;
    }

    /// The fields as they would be sent, a line each.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
        return text.toString();
    }

    private int find(String name, int from) {
        for (int i = from; i < end; i += 2) {
            if (fields[i].equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }

    private boolean removeFrom(int from, String name) {
        int kept = from;
        for (int i = from; i < end; i += 2) {
            if (!fields[i].equalsIgnoreCase(name)) {
                fields[kept++] = fields[i];
                fields[kept++] = fields[i + 1];
            }
        }
        boolean removed = kept < end;
        end = kept;
        return removed;
    }

    private static void checkName(String name) {
        boolean token = !name.isEmpty();
        for (int i = 0; token && i < name.length(); i++) {
            char c = name.charAt(i);
            token = c < 128 && TOKEN[c];
        }
        if (!token) {
            throw new IllegalArgumentException("header name is not a token: \"" + Quoting.printable(name) + "\"");
        }
    }

    private static void checkValue(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
                throw new IllegalArgumentException(
                        "header %s has character U+%04X at %d of its value".formatted(name, (int) c, i));
            }
        }
    }
}
