package dev.loomgate.toolkit.exceptions;

/// 501: the server doesn't support what is asked for.
public final class NotImplemented extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public NotImplemented() {
        super(501, null);
    }

    public NotImplemented(String description) {
        super(501, description);
    }
}
