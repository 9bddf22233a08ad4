package dev.loomgate.python.zygote;

import dev.loomgate.python.SpoolerOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What a zygote is told of the directories of tasks: docs/worker-protocol.md, `spool`.
///
/// @param directories without links, in the order of `uwsgi.spoolers`
public record SpoolBoot(List<String> directories, boolean quiet, boolean sync) {
    public SpoolBoot {
        directories = List.copyOf(directories);
    }

    /// Blocks for the disk.
    public static SpoolBoot of(SpoolerOptions options) {
        List<String> directories = options.all().stream().map(SpoolBoot::real).toList();
        return new SpoolBoot(directories, options.quiet(), options.sync());
    }

    private static String real(Path directory) {
        try {
            return directory.toRealPath().toString();
        } catch (IOException e) {
            return directory.toAbsolutePath().normalize().toString(); // what uses it says why
        }
    }

    Map<String, Object> json() {
        return Map.of("directories", directories, "quiet", quiet, "sync", sync);
    }
}
