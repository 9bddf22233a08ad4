package dev.loomgate.toolkit.exceptions;

/// 504: a server behind this one took too long.
public final class GatewayTimeout extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public GatewayTimeout() {
        super(504, null);
    }

    public GatewayTimeout(String description) {
        super(504, description);
    }
}
