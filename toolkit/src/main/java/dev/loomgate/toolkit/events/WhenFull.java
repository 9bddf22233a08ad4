package dev.loomgate.toolkit.events;

/// What a [Topic] does with a subscriber that doesn't keep up: its queue is full, and there is another event.
public enum WhenFull {
    /// Its stream ends, and what it hasn't got is forgotten. A browser comes back by itself after some seconds, says
    /// what it has seen, and gets what it has missed from the topic's history. For events of which none may
    /// be missed.
    END,

    /// The oldest event in its queue is left out, and it never learns of that. For events of which only the newest
    /// counts: prices, positions, progress.
    DROP_OLDEST
}
