package dev.loomgate.gateway;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BiConsumer;

/// What has been put into an environ, where its header fields are walked through: each is given in place of the field
/// or variable of its name.
///
/// @param changed by the variables' names
record ChangedFields(Map<String, Object> changed) {
    private static final String PREFIX = "HTTP_";

    /// The variables that are as they came.
    BiConsumer<String, String> variables(BiConsumer<? super String, ? super String> variable) {
        return (key, text) -> {
            if (!changed.containsKey(key)) {
                variable.accept(key, text);
            }
        };
    }

    /// The fields that are as they came.
    Variables.Undecoded fields(Variables.Undecoded field) {
        if (changed.keySet().stream().allMatch(key -> fieldOf(key).isEmpty())) {
            return field;
        }
        return (bytes, name, nameLength, value, valueLength) -> {
            String key = Environ.keyOf(new String(bytes, name, nameLength, StandardCharsets.US_ASCII));
            if (!changed.containsKey(key)) {
                field.variable(bytes, name, nameLength, value, valueLength);
            }
        };
    }

    /// The others.
    void give(BiConsumer<? super String, ? super String> variable, Variables.Undecoded field) {
        changed.forEach((key, value) -> {
            if (value instanceof String text) {
                String name = fieldOf(key);
                if (name.isEmpty()) {
                    variable.accept(key, text);
                } else {
                    field(name, text, field);
                }
            }
        });
    }

    private static void field(String name, String text, Variables.Undecoded field) {
        // As it came it is latin-1; a middleware may have put something else.
        boolean latin1 = text.chars().allMatch(c -> c <= 0xff);
        byte[] bytes = (name + text).getBytes(latin1 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
        field.variable(bytes, 0, name.length(), name.length(), bytes.length - name.length());
    }

    // Empty if the variable isn't made of a field, or has a name that no field has.
    private static String fieldOf(String key) {
        if (key.equals("CONTENT_TYPE") || key.equals("CONTENT_LENGTH")) {
            return key.replace('_', '-');
        }
        boolean field = key.startsWith(PREFIX) && key.chars().allMatch(c -> c > ' ' && c < 0x7f);
        return field ? key.substring(PREFIX.length()).replace('_', '-') : "";
    }
}
