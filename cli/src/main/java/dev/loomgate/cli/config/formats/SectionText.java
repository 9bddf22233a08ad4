package dev.loomgate.cli.config.formats;

import java.util.List;

/// What a file says in one of its sections.
///
/// @param entries in the file's order
/// @param found whether the section is there
/// @param sections the names of all that are there, in order; a form may not know those after the one asked for
/// @param remarks what its author should know
public record SectionText(List<Entry> entries, boolean found, List<String> sections, List<Remark> remarks) {
    /// @param line where it stands, from 1
    public record Entry(String key, String value, int line) {}

    /// @param line where it is, from 1
    public record Remark(int line, String text) {}

    public SectionText {
        entries = List.copyOf(entries);
        sections = List.copyOf(sections);
        remarks = List.copyOf(remarks);
    }
}
