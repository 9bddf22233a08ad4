package dev.loomgate.gateway.lint.exchange;

import dev.loomgate.gateway.Headers;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Deque;

/// The last headers that were passed to `startResponse`, by identity: an application that passes the same object
/// again shares it between responses. A constant shows up at the second request; what is passed on rarely may slip
/// through.
public final class RecentHeaders {
    private static final int KEPT = 64;

    private final Deque<WeakReference<Headers>> kept = new ArrayDeque<>();

    /// Remembers these headers; returns whether they were there already.
    public synchronized boolean metBefore(Headers headers) {
        boolean met = kept.stream().anyMatch(reference -> reference.refersTo(headers));
        if (kept.size() == KEPT) {
            kept.removeFirst();
        }
        kept.addLast(new WeakReference<>(headers));
        return met;
    }
}
