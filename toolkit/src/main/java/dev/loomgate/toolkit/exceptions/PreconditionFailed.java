package dev.loomgate.toolkit.exceptions;

/// 412: a condition of the request, such as `If-Match`, doesn't hold.
public final class PreconditionFailed extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public PreconditionFailed() {
        super(412, null);
    }

    public PreconditionFailed(String description) {
        super(412, description);
    }
}
