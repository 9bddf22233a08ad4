package dev.loomgate.server.observe;

/// How a request's line is written. Of one loop, loop side only.
@FunctionalInterface
interface LineForm {
    /// Appends the line with its line feed. Whatever comes from the client is [Escaped].
    void append(StringBuilder lines, LoggedRequest logged);
}
