package dev.loomgate.toolkit.resources;

/// An [ErrorHandler] has failed itself. Its cause is what the handler threw, and suppressed is what the handler was to
/// answer, so that the log has both.
public final class ErrorHandlerFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    ErrorHandlerFailure(String handler, Exception handled, Exception thrown) {
        super(
                "the handler of %s failed with %s"
                        .formatted(handler, thrown.getClass().getName()),
                thrown);
        addSuppressed(handled);
    }
}
