package dev.loomgate.toolkit.exceptions;

/// 423: the resource is locked (RFC 4918).
public final class Locked extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public Locked() {
        super(423, null);
    }

    public Locked(String description) {
        super(423, description);
    }
}
