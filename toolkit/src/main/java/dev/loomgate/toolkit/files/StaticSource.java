package dev.loomgate.toolkit.files;

import java.io.IOException;
import java.util.Optional;

/// Where [StaticFiles] come from.
sealed interface StaticSource permits StaticClasspath, StaticDirectory {
    /// The file of this name; empty if there is none that may be sent.
    ///
    /// @param name a path from the root, of parts that aren't empty and don't lead upwards
    Optional<StaticFile> find(String name) throws IOException;

    /// The file beside this one whose name goes on with the suffix, if it isn't older.
    Optional<StaticFile> sibling(StaticFile file, String suffix) throws IOException;

    /// The same where links lead wherever they like.
    StaticSource followLinks();
}
