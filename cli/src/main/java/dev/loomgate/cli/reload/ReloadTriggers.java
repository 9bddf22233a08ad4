package dev.loomgate.cli.reload;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What has Python applications reloaded, or their workers replaced, besides signals of the system; and what
/// else is done when files change. All paths are whole ones.
///
/// @param touched files whose change reloads
/// @param objects files, or directories with what is in them, whose change reloads
/// @param workers files whose change replaces the workers
/// @param chain files whose change replaces the workers one after the other
/// @param spoolers files whose change replaces the spoolers
/// @param mules files whose change replaces the mules
/// @param signals files whose change raises a signal of the `uwsgi` module
/// @param commands files whose change has a command run
/// @param directory where those run
/// @param sourceDirectories where the programs' source files are
/// @param sourcePeriod how often to look at those; zero for never
/// @param exits whether the server ends instead of reloading
public record ReloadTriggers(
        List<Path> touched,
        List<Path> objects,
        List<Path> workers,
        List<Path> chain,
        List<Path> spoolers,
        List<Path> mules,
        List<TouchSignal> signals,
        List<TouchCommand> commands,
        Path directory,
        List<Path> sourceDirectories,
        Duration sourcePeriod,
        boolean exits) {
    /// Nothing does.
    public static final ReloadTriggers NONE = new ReloadTriggers(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Path.of(""),
            List.of(),
            Duration.ZERO,
            false);

    public ReloadTriggers {
        touched = List.copyOf(touched);
        objects = List.copyOf(objects);
        workers = List.copyOf(workers);
        chain = List.copyOf(chain);
        spoolers = List.copyOf(spoolers);
        mules = List.copyOf(mules);
        signals = List.copyOf(signals);
        commands = List.copyOf(commands);
        sourceDirectories = List.copyOf(sourceDirectories);
    }

    boolean looksAtSources() {
        return sourcePeriod.isPositive();
    }
}
