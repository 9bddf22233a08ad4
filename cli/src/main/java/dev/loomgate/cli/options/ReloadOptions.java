package dev.loomgate.cli.options;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/// What makes Python applications load anew, besides SIGHUP.
public final class ReloadOptions {
    @Option(
            names = "--touch-reload",
            paramLabel = "FILE",
            description = "Python applications are loaded anew when this file changes; repeatable")
    private List<Path> touchReload = new ArrayList<>();

    @Option(
            names = {"--py-autoreload", "--python-autoreload"},
            paramLabel = "SECONDS",
            converter = DurationText.class,
            description = "look so often whether a source file has changed, and load anew; for development (default:"
                    + " 0, never)")
    private Duration autoReload = Duration.ZERO;

    /// The files, by whole paths.
    ///
    /// @param directory what they are relative to
    public List<Path> touchReload(Path directory) {
        return touchReload.stream().map(directory::resolve).toList();
    }

    /// How often to look for changed source files; zero for never.
    public Duration autoReload() {
        return autoReload;
    }
}
