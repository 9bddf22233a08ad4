package dev.loomgate.toolkit.exceptions;

/// 414: the request's URL is over a limit.
public final class RequestUriTooLarge extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public RequestUriTooLarge() {
        super(414, null);
    }

    public RequestUriTooLarge(String description) {
        super(414, description);
    }
}
