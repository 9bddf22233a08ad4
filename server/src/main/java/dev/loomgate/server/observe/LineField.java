package dev.loomgate.server.observe;

/// A part of a line: appends nothing where the request doesn't have it.
@FunctionalInterface
interface LineField {
    void append(StringBuilder lines, LoggedRequest logged);
}
