package dev.loomgate.tracker;

/// An issue, as the database, the pages and JSON have it.
public record Issue(long id, String title, String text, State state, String author) {
    /// How far it is.
    public enum State {
        OPEN,
        DOING,
        DONE
    }
}
