package dev.loomgate.toolkit.exceptions;

/// 422: the request's body is well-formed, and makes no sense.
public final class UnprocessableEntity extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public UnprocessableEntity() {
        super(422, null);
    }

    public UnprocessableEntity(String description) {
        super(422, description);
    }
}
