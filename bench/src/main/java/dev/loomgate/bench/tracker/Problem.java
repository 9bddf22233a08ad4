package dev.loomgate.bench.tracker;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/// An error in JSON (RFC 9457).
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(String title, int status, String detail, String instance, List<Map<String, String>> errors) {
    public static final String TYPE = "application/problem+json";

    /// @param errors by field: of JSON where the status is 422, else of the query
    public static Problem of(String title, int status, String detail, String path, Map<String, String> errors) {
        return new Problem(
                title,
                status,
                detail,
                path,
                errors.entrySet().stream()
                        .map(error -> status == 422
                                ? Map.of("pointer", "/" + error.getKey(), "message", error.getValue())
                                : Map.of("field", error.getKey(), "message", error.getValue()))
                        .toList());
    }
}
