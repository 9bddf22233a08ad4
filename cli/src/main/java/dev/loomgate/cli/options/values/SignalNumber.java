package dev.loomgate.cli.options.values;

/// A signal of the `uwsgi` module: a number from 0 to 255.
public final class SignalNumber {
    private static final int MOST = 255;
    private static final String DIGITS = "[0-9]{1,9}";

    private SignalNumber() {}

    /// @throws IllegalArgumentException if it isn't one
    public static int of(String text) {
        if (!text.matches(DIGITS) || Integer.parseInt(text) > MOST) {
            throw new IllegalArgumentException(
                    "the signal is '%s', it must be a number from 0 to %d".formatted(text, MOST));
        }
        return Integer.parseInt(text);
    }
}
