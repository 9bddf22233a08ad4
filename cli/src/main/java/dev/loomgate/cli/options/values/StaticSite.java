package dev.loomgate.cli.options.values;

import dev.loomgate.toolkit.files.DocumentRoots;
import dev.loomgate.toolkit.files.StaticFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The files that are sent before an application is asked.
///
/// @param files in the order in which they are looked for
/// @param places where they are to be
/// @param documentRoots those of the directories that requests name, looked for last
public record StaticSite(List<StaticFiles> files, List<Path> places, Optional<DocumentRoots> documentRoots) {
    public StaticSite {
        files = List.copyOf(files);
        places = List.copyOf(places);
    }

    /// Whether there are none.
    public boolean isEmpty() {
        return files.isEmpty() && documentRoots.isEmpty();
    }
}
