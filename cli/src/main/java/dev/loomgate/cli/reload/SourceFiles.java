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
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The files below some directories that a program is made of, links followed, without installed packages and hidden
/// directories. Used by one thread at a time.
final class SourceFiles {
    private static final Set<String> NOT_LOOKED_INTO =
            Set.of("site-packages", "dist-packages", "node_modules", "__pycache__");
    private static final int MOST_FILES = 20_000;
    private static final int MOST_DIRECTORIES = 10_000; // a link may lead to the whole file system

    /// How long nothing changes when a compiler, or an editor, has done its work.
    private static final Duration QUIET = Duration.ofMillis(150);

    /// Who writes for longer than that gets a reload in between.
    private static final Duration LONGEST_WRITE = Duration.ofSeconds(30);

    private final List<Path> directories;
    private final Set<String> endings;
    private Map<Path, FileState> known = Map.of();

    private SourceFiles(List<Path> directories, Set<String> endings) {
        this.directories = List.copyOf(directories);
        this.endings = endings;
    }

    /// Those of Python programs.
    static SourceFiles ofPython(List<Path> directories) {
        return new SourceFiles(directories, Set.of(".py"));
    }

    /// Those of applications in Java and Clojure: sources, classes and JAR files.
    ///
    /// @param places directories, and files themselves
    static SourceFiles ofJava(List<Path> places) {
        return new SourceFiles(places, Set.of(".java", ".class", ".jar", ".clj", ".cljc"));
    }

    /// The same as [#changed], but waits until nothing changes any more: the compiler, or an editor, has written all.
    @Nullable
    Path settled() throws InterruptedException {
        Path first = changed();
        if (first != null) {
            long end = System.nanoTime() + LONGEST_WRITE.toNanos();
            do {
                Thread.sleep(QUIET);
            } while (changed() != null && System.nanoTime() - end < 0);
        }
        return first;
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

    private void look(Path directory, Map<Path, FileState> found) {
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
                    if (endings.stream().anyMatch(file.toString()::endsWith)) {
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
