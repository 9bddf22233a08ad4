package dev.loomgate.cli.config.entries;

/// Something that the operator should know of a configuration, and that doesn't end the start.
public record Notice(Origin origin, String text) {
    /// `site.ini:12: ...`.
    @Override
    public String toString() {
        return origin.isCommandLine() ? text : origin + ": " + text;
    }
}
