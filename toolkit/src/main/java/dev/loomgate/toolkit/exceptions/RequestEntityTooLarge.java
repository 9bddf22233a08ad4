package dev.loomgate.toolkit.exceptions;

/// 413: the request's body is over a limit.
public final class RequestEntityTooLarge extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public RequestEntityTooLarge() {
        super(413, null);
    }

    public RequestEntityTooLarge(String description) {
        super(413, description);
    }
}
