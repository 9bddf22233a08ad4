package dev.loomgate.bench;

import dev.loomgate.bench.harness.Machine;
import dev.loomgate.bench.tables.Effort;
import dev.loomgate.bench.tables.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// bench/RESULTS.md: a head with machine and versions, then a section for each table that has ever been measured.
/// A run replaces the sections it measured and leaves the others.
final class ResultsFile {
    private static final Pattern SECTION =
            Pattern.compile("^## \\((\\w)\\) .*?(?=^## \\(|\\z)", Pattern.MULTILINE | Pattern.DOTALL);
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

    private final Path file;
    private final SortedMap<String, String> sections;

    private ResultsFile(Path file, Map<String, String> sections) {
        this.file = file;
        this.sections = new TreeMap<>(sections);
    }

    static ResultsFile read(Path file) throws IOException {
        return new ResultsFile(file, Files.exists(file) ? sections(Files.readString(file)) : Map.of());
    }

    /// The sections of `text` by their letters.
    static Map<String, String> sections(String text) {
        Map<String, String> sections = new TreeMap<>();
        for (MatchResult section : SECTION.matcher(text).results().toList()) {
            sections.put(section.group(1), section.group().strip() + "\n");
        }
        return sections;
    }

    void replace(Table table, Effort effort, String text) {
        sections.put(
                table.letter(),
                "## (%s) %s\n\n%s\n\nMeasured %s, %s run.\n"
                        .formatted(
                                table.letter(),
                                table.title(),
                                text.strip(),
                                MINUTE.format(Instant.now()),
                                effort.name()));
    }

    void write() throws IOException, InterruptedException {
        Files.writeString(file, """
                # Measurements

                Written by `bench/run`, side by side in one run for each table. Times on a machine mean little: compare ratios.

                %s
                """.formatted(Machine.describe()) + String.join("\n", sections.values()));
    }
}
