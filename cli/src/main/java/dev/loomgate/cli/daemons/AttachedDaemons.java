package dev.loomgate.cli.daemons;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// All commands that are to run beside the server.
///
/// @param directory where they run, and what relative paths of their options are relative to
/// @param environment variables besides those of who started the server
/// @param mercy how long one has to end after it was asked to
public record AttachedDaemons(
        List<DaemonSettings> daemons, Path directory, Map<String, String> environment, Duration mercy) {
    /// None.
    public static final AttachedDaemons NONE = new AttachedDaemons(List.of(), Path.of(""), Map.of(), Duration.ZERO);

    public AttachedDaemons {
        daemons = List.copyOf(daemons);
        environment = Map.copyOf(environment);
    }

    /// How long their end may take: a reload may be on its way, which takes as long once more.
    public Duration longestEnd() {
        return mercy.multipliedBy(2);
    }
}
