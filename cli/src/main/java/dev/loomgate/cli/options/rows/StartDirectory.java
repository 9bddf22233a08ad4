package dev.loomgate.cli.options.rows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The directory that the server was started in, by the name under which it was entered.
///
/// A release is often a link, `current -> releases/42`, that is pointed elsewhere before a reload. The process itself
/// stays in the directory that the link named at the start; the shell's `PWD` has kept the link's name.
final class StartDirectory {
    private static final Path PATH = of(System.getenv("PWD"), Path.of("").toAbsolutePath());

    private StartDirectory() {}

    static Path path() {
        return PATH;
    }

    /// @param named what the shell says; it may be missing, wrong, or another process's
    /// @param actual without links
    static Path of(@Nullable String named, Path actual) {
        if (named == null || !named.startsWith("/")) {
            return actual;
        }
        try {
            Path path = Path.of(named);
            return Files.isSameFile(path, actual) ? path : actual;
        } catch (IOException | InvalidPathException e) {
            return actual;
        }
    }
}
