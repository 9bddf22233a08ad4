package dev.loomgate.toolkit.exceptions;

/// 451: the law forbids it (RFC 7725).
public final class UnavailableForLegalReasons extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public UnavailableForLegalReasons() {
        super(451, null);
    }

    public UnavailableForLegalReasons(String description) {
        super(451, description);
    }
}
