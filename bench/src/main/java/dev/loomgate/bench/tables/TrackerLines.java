package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.LineCount;
import dev.loomgate.bench.harness.MarkdownTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The lines of code of the tracker and its twins, after the same formatter.
///
/// @param programs Loomgate's first
/// @param shared what knows no framework, and all of them have: the tracker's own
record TrackerLines(List<Program> programs, int shared) {
    private static final String TRACKER = "tracker/src/main/java/dev/loomgate/tracker";
    private static final String TWINS = "bench/src/main/java/dev/loomgate/bench/tracker";
    private static final List<String> SHARED = List.of("Database.java", "Issue.java", "Attachment.java");

    /// One of the programs.
    ///
    /// @param own lines that know its framework, and those that nobody else has
    /// @param common lines that both twins have
    record Program(String name, int own, int common) {
        int all() {
            return own + common;
        }
    }

    /// Counts them.
    ///
    /// @param root the project's
    static TrackerLines count(Path root) throws IOException {
        int common = lines(root.resolve(TWINS), _ -> true);
        List<Program> programs = new ArrayList<>();
        programs.add(new Program("Loomgate", lines(root.resolve(TRACKER), name -> !SHARED.contains(name)), 0));
        for (String twin : List.of("Javalin", "Helidon")) {
            Path folder = root.resolve(TWINS).resolve(twin.toLowerCase(Locale.ROOT));
            programs.add(new Program(twin, lines(folder, _ -> true), common));
        }
        return new TrackerLines(List.copyOf(programs), lines(root.resolve(TRACKER), SHARED::contains));
    }

    private static int lines(Path folder, Predicate<String> names) throws IOException {
        List<Path> sources;
        try (Stream<Path> files = Files.list(folder)) {
            sources = files.filter(file -> counts(file.getFileName().toString(), names))
                    .toList();
        }
        return LineCount.of(sources);
    }

    private static boolean counts(String name, Predicate<String> names) {
        return name.endsWith(".java") && !name.equals("package-info.java") && names.test(name);
    }

    String text() {
        MarkdownTable table = new MarkdownTable("program", "lines of its own", "that both twins have", "in all");
        for (Program program : programs) {
            table.row(
                    program.name(),
                    Integer.toString(program.own()),
                    Integer.toString(program.common()),
                    Integer.toString(program.all()));
        }
        return table
                + "\nBeside these, all three have the same %d lines of JDBC and the same templates.\n"
                        .formatted(shared);
    }
}
