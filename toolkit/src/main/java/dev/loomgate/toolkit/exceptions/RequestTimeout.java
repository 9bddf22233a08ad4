package dev.loomgate.toolkit.exceptions;

/// 408: the client took too long to send its request.
public final class RequestTimeout extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public RequestTimeout() {
        super(408, null);
    }

    public RequestTimeout(String description) {
        super(408, description);
    }
}
