package dev.loomgate.cli.options;

import dev.loomgate.cli.options.table.Option;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes the options for reading, in Markdown, from the table that the command line is made of.
final class OptionsDocument {
    private static final String HEAD = """
            # Options

            `./loomgate --help` lists the same options. Sizes are bytes or `64k`, `10m`, `1g`; times are seconds (`30`, `0.5`) or
            `200ms`, `30s`, `5m`, `1h`. The last column says what uWSGI has under the same name; [from-uwsgi.md](from-uwsgi.md)
            has all of its options. Those marked *(process)* are about what a process has once: a site of an [emperor's](emperor.md#which-process)
            with one of them gets a process of its own.

            *This file is written by the build from `dev.loomgate.cli.options`: change it there.*
            """;

    private static final String LIMITS =
            "Each limit has a status code for the client, and a line in the log that names the option.";

    private OptionsDocument() {}

    static String markdown() {
        List<String> parts = new ArrayList<>();
        parts.add(HEAD.strip());
        for (Section section : Section.values()) {
            parts.add("## " + section.title());
            if (section == Section.LIMITS) {
                parts.add(LIMITS);
            }
            parts.add(table(section.options()));
        }
        return String.join("\n\n", parts) + "\n";
    }

    /// The table of a section; what none of its options has is no column.
    static String table(List<Option<?>> options) {
        Map<String, List<String>> columns = new LinkedHashMap<>();
        columns.put("option", options.stream().map(OptionsDocument::names).toList());
        columns.put(
                "what",
                options.stream()
                        .map(option -> code(option.text())
                                + (option.isRepeatable() ? "; repeatable" : "")
                                + (option.isOfProcess() ? " *(process)*" : ""))
                        .toList());
        columns.put(
                "default",
                options.stream().map(option -> code(option.standardText())).toList());
        columns.put("range", options.stream().map(Option::rangeText).toList());
        columns.put("over the limit", options.stream().map(Option::past).toList());
        columns.put("in uWSGI", options.stream().map(Option::inUwsgi).toList());
        columns.values().removeIf(cells -> cells.stream().allMatch(String::isEmpty));
        List<String> lines = new ArrayList<>();
        lines.add(row(columns.keySet().stream()));
        lines.add("|" + "---|".repeat(columns.size()));
        for (int i = 0; i < options.size(); i++) {
            int at = i;
            lines.add(row(columns.values().stream().map(cells -> cells.get(at))));
        }
        return String.join("\n", lines);
    }

    private static String names(Option<?> option) {
        String label = option.label().replace("|", " or ");
        return names(
                option.names(),
                switch (option.takes()) {
                    case NOTHING -> "";
                    case PERHAPS_A_VALUE, PERHAPS_VALUES -> "[=" + label + "]";
                    case A_VALUE, VALUES -> " " + label;
                });
    }

    private static String names(List<String> names, String value) {
        return names.stream().map(name -> "`" + name).collect(Collectors.joining("`, ")) + value + "`";
    }

    /// Names of options as code.
    static String code(String text) {
        return text.replaceAll(
                "(?<![\\w-])(--[a-z][a-z-]*[a-z](?:=[A-Z0-9]+| N\\b| FILE(?:\\.py)?\\b)?|-[a-z])(?![\\w-])", "`$1`");
    }

    static String row(Stream<String> cells) {
        return cells.map(cell -> cell.isEmpty() ? " |" : " " + cell + " |").collect(Collectors.joining("", "|", ""));
    }
}
