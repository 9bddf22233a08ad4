package dev.loomgate.toolkit.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where [StaticFiles] come from.
sealed interface StaticSource permits StaticClasspath, StaticDirectory, StaticPlace {
    /// The file of this name; empty if there is none that may be sent.
    ///
    /// @param name a path from the root, of parts that aren't empty and don't lead upwards
    Optional<StaticFile> find(String name) throws IOException;

    /// The file beside this one whose name goes on with the suffix, if it isn't older.
    Optional<StaticFile> sibling(StaticFile file, String suffix) throws IOException;

    /// The one file that this is, rather than a directory of files.
    default Optional<StaticFile> itself() throws IOException {
        return Optional.empty();
    }

    /// The same where links may lead into these directories, too.
    StaticSource safe(List<Path> directories);

    /// The same where links lead wherever they like.
    StaticSource followLinks();
}
