package dev.loomgate.cli.config.formats;

/// A text that isn't in its form.
public final class WrongText extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int line;

    WrongText(int line, String message) {
        super(message);
        this.line = line;
    }

    /// From 1.
    public int line() {
        return line;
    }
}
