package dev.loomgate.cli.reload;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// An application in this JVM that can be replaced by its next version while it serves.
public interface Reloadable {
    /// Replaces it by what its files have now. Returns at once; the outcome is logged. Any thread but a loop's.
    ///
    /// @param why for the log
    /// @return completed with whether it is replaced; if it isn't, the version before goes on
    CompletionStage<Boolean> reload(String why);

    /// The source file and the class path that it is made of: existing files and directories.
    List<Path> sources();
}
