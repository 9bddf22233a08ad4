package dev.loomgate.toolkit.exceptions;

/// 403: the client is known, and may not have what it asks for.
public final class Forbidden extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public Forbidden() {
        super(403, null);
    }

    public Forbidden(String description) {
        super(403, description);
    }
}
