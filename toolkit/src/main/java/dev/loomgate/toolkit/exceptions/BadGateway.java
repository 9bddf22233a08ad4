package dev.loomgate.toolkit.exceptions;

/// 502: a server behind this one sent nonsense.
public final class BadGateway extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public BadGateway() {
        super(502, null);
    }

    public BadGateway(String description) {
        super(502, description);
    }
}
