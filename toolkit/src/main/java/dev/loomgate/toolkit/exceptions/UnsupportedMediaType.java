package dev.loomgate.toolkit.exceptions;

/// 415: the request's body is of a type that isn't understood here.
public final class UnsupportedMediaType extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public UnsupportedMediaType() {
        super(415, null);
    }

    public UnsupportedMediaType(String description) {
        super(415, description);
    }
}
