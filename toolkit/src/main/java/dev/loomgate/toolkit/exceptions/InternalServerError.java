package dev.loomgate.toolkit.exceptions;

/// 500: the application has failed.
public final class InternalServerError extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public InternalServerError() {
        super(500, null);
    }

    public InternalServerError(String description) {
        super(500, description);
    }

    /// @param cause what went wrong: for the log, never for the client
    public InternalServerError(Throwable cause) {
        super(500, null, cause);
    }
}
