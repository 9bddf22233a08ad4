package dev.loomgate.toolkit.exceptions;

/// 400: a value that the application needs is not in the request.
///
/// The client's page doesn't name the key; the log does, by [#key].
public final class BadRequestKeyError extends BadRequest {
    private static final long serialVersionUID = 1;

    private final String key;

    public BadRequestKeyError(String key) {
        this.key = key;
    }

    /// The key that was asked for.
    public String key() {
        return key;
    }

    @Override
    public String getMessage() {
        return super.getMessage() + " (no value for \"" + key + "\")";
    }
}
