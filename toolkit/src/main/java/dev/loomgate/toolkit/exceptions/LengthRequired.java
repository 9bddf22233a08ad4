package dev.loomgate.toolkit.exceptions;

/// 411: the request needs a Content-Length.
public final class LengthRequired extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public LengthRequired() {
        super(411, null);
    }

    public LengthRequired(String description) {
        super(411, description);
    }
}
