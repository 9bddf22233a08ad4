package dev.loomgate.toolkit;

/// A text for one look of one client: [Session#flash] keeps it, and the next page that asks shows it.
///
/// @param category what kind it is, such as `success` or `error`: mostly a page's CSS class
/// @param message plain text; a page escapes it
public record Flash(String category, String message) {
    /// The session's value that has them, a list. It counts among [Session#names].
    static final String NAME = "_flashes";
}
