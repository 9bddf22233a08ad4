package dev.loomgate.toolkit.exceptions;

/// 428: the request must be conditional (RFC 6585).
public final class PreconditionRequired extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public PreconditionRequired() {
        super(428, null);
    }

    public PreconditionRequired(String description) {
        super(428, description);
    }
}
