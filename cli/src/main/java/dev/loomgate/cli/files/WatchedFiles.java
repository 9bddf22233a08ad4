package dev.loomgate.cli.files;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The files of one option, and how they were at the last look. Used by one thread.
public final class WatchedFiles {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    private final String option;
    private final List<Path> files;
    private final boolean withEntries;
    private Map<Path, FileState> known = Map.of();

    /// @param option that names them
    /// @param withEntries whether, of a directory, what is in it counts as well
    public WatchedFiles(String option, List<Path> files, boolean withEntries) {
        this.option = option;
        this.files = List.copyOf(files);
        this.withEntries = withEntries;
    }

    /// That names them.
    public String option() {
        return option;
    }

    /// Whether there are none.
    public boolean isEmpty() {
        return files.isEmpty();
    }

    /// Those that aren't there.
    public List<Path> missing() {
        return files.stream().filter(file -> !Files.exists(file)).toList();
    }

    /// Whether one has been made, changed or removed since the last call.
    public boolean haveChanged() {
        Map<Path, FileState> now = new HashMap<>();
        for (Path file : files) {
            look(file, now);
        }
        boolean changed = !now.equals(known);
        known = now;
        return changed;
    }

    private void look(Path file, Map<Path, FileState> states) {
        try {
            states.put(file, FileState.of(file));
            if (withEntries && Files.isDirectory(file)) {
                try (DirectoryStream<Path> entries = Files.newDirectoryStream(file)) {
                    for (Path entry : entries) {
                        states.put(entry, FileState.of(entry));
                    }
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.log(Level.DEBUG, "{0} isn''t there ({1})", file, option);
        }
    }
}
