package dev.loomgate.openapi;

import java.util.LinkedHashMap;
import java.util.Map;

/// A JSON object whose members stay in the order in which they are put: else two starts would make two documents.
final class Members extends LinkedHashMap<String, Object> {
    private static final long serialVersionUID = 1;

    Members() {}

    Members(Map<String, ?> others) {
        super(others);
    }

    /// The same with another member.
    Members with(String name, Object value) {
        put(name, value);
        return this;
    }

    /// The same with another member, unless that is an empty text.
    Members withText(String name, String value) {
        return value.isEmpty() ? this : with(name, value);
    }
}
