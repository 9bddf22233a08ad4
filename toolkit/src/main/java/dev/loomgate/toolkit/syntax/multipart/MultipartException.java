package dev.loomgate.toolkit.syntax.multipart;

/// A multipart body that can't be read: malformed, or over a limit. The message may be shown to the client.
public final class MultipartException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean overLimit;

    private MultipartException(String message, boolean overLimit) {
        // It says what is wrong with the client's bytes, not where in our code that was found.
        super(message, null, false, false);
        this.overLimit = overLimit;
    }

    static MultipartException malformed(String message) {
        return new MultipartException(message, false);
    }

    static MultipartException overLimit(String message) {
        return new MultipartException(message, true);
    }

    /// Whether it is too large, not wrong.
    public boolean isOverLimit() {
        return overLimit;
    }
}
