package dev.loomgate.toolkit.exceptions;

/// 505: the request's version of HTTP isn't supported.
public final class HttpVersionNotSupported extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public HttpVersionNotSupported() {
        super(505, null);
    }

    public HttpVersionNotSupported(String description) {
        super(505, description);
    }
}
