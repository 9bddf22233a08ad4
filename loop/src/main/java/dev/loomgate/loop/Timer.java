package dev.loomgate.loop;

/// Something that a loop will do later; see [Loop#callLater].
public interface Timer {
    /// Makes it not happen, if it hasn't. Any thread; from another one than the loop's, it may still happen
    /// meanwhile.
    void cancel();
}
