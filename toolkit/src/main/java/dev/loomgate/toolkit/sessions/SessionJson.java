package dev.loomgate.toolkit.sessions;

import dev.loomgate.toolkit.JsonCodec;
import dev.loomgate.toolkit.exceptions.HttpException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A session's values as JSON.
final class SessionJson {
    static final JsonCodec CODEC = JsonCodec.jackson();

    private static final byte[] NOTHING = "{}".getBytes(StandardCharsets.US_ASCII);

    private SessionJson() {}

    static byte[] write(Object value) {
        return CODEC.write(value);
    }

    static byte[] write(Map<String, Object> values) {
        return values.isEmpty() ? NOTHING : CODEC.write(values);
    }

    /// The values; empty if this isn't JSON, or not an object.
    @SuppressWarnings("unchecked")
    static Optional<Map<String, Object>> read(byte[] json) {
        try {
            return Optional.ofNullable((Map<String, Object>) CODEC.read(json, LinkedHashMap.class));
        } catch (HttpException e) {
            return Optional.empty();
        }
    }
}
