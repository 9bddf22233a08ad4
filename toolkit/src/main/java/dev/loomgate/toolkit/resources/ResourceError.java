package dev.loomgate.toolkit.resources;

/// A resource class can't answer requests as it is written. Found at start-up; the message names class and method.
public final class ResourceError extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    ResourceError(String message) {
        super(message);
    }

    ResourceError(String message, Throwable cause) {
        super(message, cause);
    }
}
