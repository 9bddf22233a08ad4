package dev.loomgate.cli.options;

import dev.loomgate.loop.spool.Spool;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// Where responses wait for slow clients.
final class SpoolOptions {
    @Option(
            names = "--response-buffer",
            paramLabel = "BYTES",
            converter = SizeText.class,
            description =
                    "of a response that its client takes slowly wait in memory, so that it holds no Python worker;"
                            + " 0 switches buffering off (default: 1m)")
    private long bytes = Spool.DEFAULT_BYTES;

    @Option(
            names = "--response-buffers-total",
            paramLabel = "BYTES",
            converter = SizeText.class,
            description = "wait in memory of all such responses; what is over goes to temporary files (default: 64m)")
    private long totalBytes = Spool.DEFAULT_TOTAL_BYTES;

    @Option(
            names = "--response-max-temp-file",
            paramLabel = "BYTES",
            converter = SizeText.class,
            description = "of such a response wait in a temporary file; 0 for none (default: 1g)")
    private long fileBytes = Spool.DEFAULT_FILE_BYTES;

    @Option(
            names = "--response-temp-path",
            paramLabel = "DIRECTORY",
            description = "for these temporary files (default: the system's, mostly /tmp)")
    private Path directory = Spool.defaults().directory();

    /// One account for the server and its Python applications.
    ///
    /// @throws IllegalArgumentException if a value is out of range; the message names its option
    Spool spool() {
        return Spool.of(bytes, totalBytes, fileBytes, directory);
    }
}
