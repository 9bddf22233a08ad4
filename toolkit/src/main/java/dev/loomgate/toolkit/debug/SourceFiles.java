package dev.loomgate.toolkit.debug;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The lines of source that stack frames name.
///
/// @param roots where packages begin
/// @param files single source files, wherever they are
record SourceFiles(List<Path> roots, List<Path> files) {
    private static final Pattern PACKAGE = Pattern.compile("(?m)^\\s*package\\s+([\\w.]+)\\s*;");
    private static final List<String> PLACES =
            List.of("src/main/java", "src/test/java", "src/main/kotlin", "src/test/kotlin", "src");
    private static final long MAX_BYTES = 4 << 20;
    private static final int AROUND = 5;

    /// A piece of a file.
    ///
    /// @param first the number of its first line
    /// @param failed the number of the line that the frame names
    record Excerpt(Path file, int first, int failed, List<String> lines) {}

    /// Where Maven and Gradle have them: below a directory, and below each directory in it.
    static SourceFiles below(Path directory) {
        List<Path> projects = new ArrayList<>(List.of(directory));
        try (Stream<Path> entries = Files.list(directory.toAbsolutePath())) {
            entries.filter(Files::isDirectory).sorted().forEach(projects::add);
        } catch (IOException e) {
            // Then there are no sources to show.
            projects.clear();
        }
        return new SourceFiles(
                projects.stream()
                        .flatMap(project -> PLACES.stream().map(project::resolve))
                        .filter(Files::isDirectory)
                        .toList(),
                List.of());
    }

    /// The same with these single files.
    SourceFiles withFiles(List<Path> single) {
        return new SourceFiles(roots, List.copyOf(single));
    }

    /// The lines around the one that a frame names; empty if they aren't there.
    Optional<Excerpt> around(StackTraceElement frame) {
        String file = frame.getFileName();
        if (file == null || frame.getLineNumber() <= 0) {
            return Optional.empty();
        }
        int dot = frame.getClassName().lastIndexOf('.');
        String inPackage = dot < 0 ? "" : frame.getClassName().substring(0, dot);
        String name = inPackage.isEmpty() ? file : inPackage.replace('.', '/') + "/" + file;
        return Stream.concat(
                        roots.stream().flatMap(root -> read(root, name, frame.getLineNumber()).stream()),
                        files.stream()
                                .filter(each -> each.endsWith(file) && isInPackage(each, inPackage))
                                .flatMap(each -> read(each, frame.getLineNumber()).stream()))
                .findFirst();
    }

    // A library's Main.java is another one.
    private static boolean isInPackage(Path file, String name) {
        try {
            Matcher line = PACKAGE.matcher(Files.size(file) > MAX_BYTES ? "" : Files.readString(file));
            return (line.find() ? line.group(1) : "").equals(name);
        } catch (IOException e) {
            return false;
        }
    }

    private static Optional<Excerpt> read(Path root, String name, int line) {
        try {
            Path file = root.resolve(name).normalize();
            return file.startsWith(root.normalize()) ? read(file, line) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /// The lines around one of a file; empty if they aren't there.
    static Optional<Excerpt> read(Path file, int line) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
                return Optional.empty();
            }
            List<String> lines = Files.readAllLines(file);
            int first = Math.max(1, line - AROUND);
            // A file that was changed since may be shorter.
            return line < 1 || line > lines.size()
                    ? Optional.empty()
                    : Optional.of(new Excerpt(
                            file, first, line, lines.subList(first - 1, Math.min(lines.size(), line + AROUND))));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
