package dev.loomgate.toolkit.exceptions;

/// 417: an expectation of the request, `Expect`, can't be met.
public final class ExpectationFailed extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public ExpectationFailed() {
        super(417, null);
    }

    public ExpectationFailed(String description) {
        super(417, description);
    }
}
