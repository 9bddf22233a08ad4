package dev.loomgate.toolkit.exceptions;

/// 424: another action that this one needed has failed (RFC 4918).
public final class FailedDependency extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public FailedDependency() {
        super(424, null);
    }

    public FailedDependency(String description) {
        super(424, description);
    }
}
