package dev.loomgate.toolkit.exceptions;

/// 431: the request's headers are over a limit (RFC 6585).
public final class RequestHeaderFieldsTooLarge extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public RequestHeaderFieldsTooLarge() {
        super(431, null);
    }

    public RequestHeaderFieldsTooLarge(String description) {
        super(431, description);
    }
}
