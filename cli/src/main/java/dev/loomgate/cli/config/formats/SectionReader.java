package dev.loomgate.cli.config.formats;

import org.jspecify.annotations.Nullable;

/// Reads one form.
@FunctionalInterface
public interface SectionReader {
    /// @param section its name; in XML the `id`, and null for any
    /// @throws WrongText if the text isn't in this form
    SectionText read(String text, @Nullable String section);
}
