package dev.loomgate.toolkit.exceptions;

/// 410: there was something at this URL, and it won't come back.
public final class Gone extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public Gone() {
        super(410, null);
    }

    public Gone(String description) {
        super(410, description);
    }
}
