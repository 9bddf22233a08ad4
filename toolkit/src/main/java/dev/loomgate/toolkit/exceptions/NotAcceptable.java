package dev.loomgate.toolkit.exceptions;

/// 406: nothing that could be sent is acceptable to the client.
public final class NotAcceptable extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public NotAcceptable() {
        super(406, null);
    }

    public NotAcceptable(String description) {
        super(406, description);
    }
}
