package dev.loomgate.toolkit.exceptions;

/// 409: the request collides with the resource's state.
public final class Conflict extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public Conflict() {
        super(409, null);
    }

    public Conflict(String description) {
        super(409, description);
    }
}
