package dev.loomgate.toolkit.exceptions;

/// 418: the server is a teapot (RFC 2324).
public final class ImATeapot extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public ImATeapot() {
        super(418, null);
    }

    public ImATeapot(String description) {
        super(418, description);
    }
}
