package dev.loomgate.cli.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/// What becomes of a log's file when another one begins.
public final class Backup {
    private Backup() {}

    /// Renames the file: to a backup's name, whose place it takes, or to its own name with the time in seconds.
    /// Several of a second have numbers as well, so that none replaces another.
    ///
    /// @param backup null for its own name
    /// @return its new name
    /// @throws IOException if it can't be renamed
    public static Path of(Path file, @Nullable Path backup) throws IOException {
        return Files.move(
                file,
                backup == null ? freeName(file) : backup,
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path freeName(Path file) {
        String name = file.getFileName() + "." + System.currentTimeMillis() / 1000;
        Path free = file.resolveSibling(name);
        for (int i = 1; Files.exists(free); i++) {
            free = file.resolveSibling(name + "." + i);
        }
        return free;
    }
}
