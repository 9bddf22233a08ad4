package dev.loomgate.cli.options.values;

import dev.loomgate.toolkit.files.StaticFiles;
import java.nio.file.Path;
import java.util.List;

/// The files that are sent before an application is asked.
///
/// @param files in the order in which they are looked for
/// @param places where they are to be
public record StaticSite(List<StaticFiles> files, List<Path> places) {
    public StaticSite {
        files = List.copyOf(files);
        places = List.copyOf(places);
    }
}
