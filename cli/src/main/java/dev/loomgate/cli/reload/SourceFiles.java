package dev.loomgate.cli.reload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The Python source files below some directories, but for installed packages and hidden directories. Used by one
/// thread.
final class SourceFiles {
    private static final Set<String> NOT_LOOKED_INTO =
            Set.of("site-packages", "dist-packages", "node_modules", "__pycache__");
    private static final int MOST = 20_000;

    private final List<Path> directories;
    private Map<Path, FileTime> known = Map.of();

    SourceFiles(List<Path> directories) {
        this.directories = List.copyOf(directories);
    }

    /// A file that is new or has changed since the last call, or null.
    @Nullable
    Path changed() {
        Map<Path, FileTime> now = new HashMap<>();
        for (Path directory : directories) {
            look(directory.toAbsolutePath(), now);
        }
        Map<Path, FileTime> before = known;
        known = now;
        return now.entrySet().stream()
                .filter(file -> !file.getValue().equals(before.get(file.getKey())))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    private static void look(Path directory, Map<Path, FileTime> found) {
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path inner, BasicFileAttributes attributes) {
                    String name = String.valueOf(inner.getFileName());
                    boolean skipped =
                            !inner.equals(directory) && (name.startsWith(".") || NOT_LOOKED_INTO.contains(name));
                    return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (file.toString().endsWith(".py")) {
                        found.put(file, attributes.lastModifiedTime());
                    }
                    return found.size() < MOST ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
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
