package dev.loomgate.loop.waiting;

/// Passes on what somebody else's code threw.
public final class Rethrow {
    private Rethrow() {}

    /// Throws anything as if it were unchecked, so that the original exception reaches the one who waits.
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public static <X extends Throwable> X unchecked(Throwable thrown) throws X {
        throw (X) thrown;
    }
}
