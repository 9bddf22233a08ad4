package dev.loomgate.loop.watch;

import org.jspecify.annotations.Nullable;

/// What people want to know of a microthread that lives. Any thread; each call looks again.
public interface LiveMicrothread {
    /// What it was started for; its `toString()` is shown.
    Object subject();

    /// What it does, in a word or two.
    String state();

    /// Its thread; null if it hasn't run yet.
    @Nullable
    Thread thread();

    /// When it was started, in `System.nanoTime()`'s terms.
    long startedNanos();
}
