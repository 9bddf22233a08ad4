package dev.loomgate.cli.reload;

import static java.nio.file.FileVisitOption.FOLLOW_LINKS;

import dev.loomgate.cli.files.FileState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The Python source files below some directories, links followed, without installed packages and hidden directories.
/// Used by one thread.
final class SourceFiles {
    private static final Set<String> NOT_LOOKED_INTO =
            Set.of("site-packages", "dist-packages", "node_modules", "__pycache__");
    private static final int MOST_FILES = 20_000;
    private static final int MOST_DIRECTORIES = 10_000; // a link may lead to the whole file system

    private final List<Path> directories;
    private Map<Path, FileState> known = Map.of();

    SourceFiles(List<Path> directories) {
        this.directories = List.copyOf(directories);
    }

    /// A file that is new or has changed since the last call, or null.
    @Nullable
    Path changed() {
        Map<Path, FileState> now = new HashMap<>();
        for (Path directory : directories) {
            look(directory.toAbsolutePath(), now);
        }
        Map<Path, FileState> before = known;
        known = now;
        return now.entrySet().stream()
                .filter(file -> !file.getValue().equals(before.get(file.getKey())))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    private static void look(Path directory, Map<Path, FileState> found) {
        try {
            // A link that leads back to where it is found is told as a failure, and left out.
            Files.walkFileTree(directory, Set.of(FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                private int directories;

                @Override
                public FileVisitResult preVisitDirectory(Path inner, BasicFileAttributes attributes) {
                    String name = String.valueOf(inner.getFileName());
                    boolean skipped =
                            !inner.equals(directory) && (name.startsWith(".") || NOT_LOOKED_INTO.contains(name));
                    if (++directories > MOST_DIRECTORIES) {
                        return FileVisitResult.TERMINATE;
                    }
                    return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (file.toString().endsWith(".py")) {
                        found.put(file, FileState.of(attributes));
                    }
                    return found.size() < MOST_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
