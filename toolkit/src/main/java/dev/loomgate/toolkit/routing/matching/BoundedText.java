package dev.loomgate.toolkit.routing.matching;

/// A text that a regular expression may look at so often and no more.
///
/// Backtracking takes quadratic time for two variables in a segment, and any time for a converter's own
/// expression: a long path could hold a loop for seconds. A path that takes this many steps to match is taken for
/// one that doesn't.
final class BoundedText implements CharSequence {
    private static final int STEPS = 10_000;
    private static final int STEPS_PER_CHARACTER = 100;

    /// The steps are used up. Caught where the expression was run.
    static final class Exhausted extends RuntimeException {
        private static final long serialVersionUID = 1;

        Exhausted() {
            super("too many steps", null, false, false);
        }
    }

    private final String text;
    private long left;

    BoundedText(String text) {
        this.text = text;
        left = STEPS + (long) STEPS_PER_CHARACTER * text.length();
    }

    @Override
    public char charAt(int index) {
        if (--left < 0) {
            throw new Exhausted();
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
