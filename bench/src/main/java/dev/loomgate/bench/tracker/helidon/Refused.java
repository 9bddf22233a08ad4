package dev.loomgate.bench.tracker.helidon;

import java.util.Map;

/// A request that is answered by an error.
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient Map<String, String> errors;

    Refused(int status, String detail, Map<String, String> errors) {
        super(detail);
        this.status = status;
        this.errors = errors;
    }

    static Refused notFound() {
        return new Refused(404, "There is no such thing.", Map.of());
    }

    int status() {
        return status;
    }

    /// By field.
    Map<String, String> errors() {
        return errors;
    }
}
