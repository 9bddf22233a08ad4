package dev.loomgate.toolkit.exceptions;

/// 404: there is nothing at this URL.
public final class NotFound extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public NotFound() {
        super(404, null);
    }

    public NotFound(String description) {
        super(404, description);
    }
}
