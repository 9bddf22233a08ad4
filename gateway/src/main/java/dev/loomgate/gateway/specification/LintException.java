package dev.loomgate.gateway.specification;

import org.jspecify.annotations.Nullable;

/// One side broke a clause of the specification.
///
/// Thrown where it was noticed: to the container, if the environ is wrong or the body was closed twice; to the
/// application, if it calls `startResponse` wrongly. [Clause#party] tells whose fault it is.
public final class LintException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Clause clause;
    private final String value;

    /// @param value what broke it, in words that name the offending value
    public LintException(Clause clause, String value, @Nullable Throwable cause) {
        super(
                "%s: against %s (%s) of the gateway specification: %s"
                        .formatted(value, clause.number(), clause, clause.sentence()),
                cause);
        this.clause = clause;
        this.value = value;
    }

    /// The clause that was broken.
    public Clause clause() {
        return clause;
    }

    /// What broke it, in words that name the offending value: `REQUEST_METHOD is "get it"`.
    public String value() {
        return value;
    }
}
