package dev.loomgate.cli.reload;

import dev.loomgate.python.PythonApplication;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reloads Python applications when asked to, or when files that are watched have changed. A daemon
/// thread looks at the files, if there are any; [#close] ends it.
public final class Reloading implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    private static final Duration TOUCH_PERIOD = Duration.ofSeconds(1);

    private final List<PythonApplication> applications;
    private final List<Path> touched;
    private final @Nullable SourceFiles sources;
    private final Duration period;
    private final @Nullable Thread watcher;

    /// @param applications what is reloaded
    /// @param touched files whose change asks for it
    /// @param sourceDirectories where the programs' source files are
    /// @param sourcePeriod how often to look at those; zero for never
    public Reloading(
            List<PythonApplication> applications,
            List<Path> touched,
            List<Path> sourceDirectories,
            Duration sourcePeriod) {
        this.applications = List.copyOf(applications);
        this.touched = List.copyOf(touched);
        boolean looksAtSources = sourcePeriod.isPositive();
        sources = looksAtSources ? new SourceFiles(sourceDirectories) : null;
        period = looksAtSources ? sourcePeriod : TOUCH_PERIOD;
        if (!applications.isEmpty()) {
            warnOfMissing();
        }
        watcher = applications.isEmpty() || (touched.isEmpty() && !looksAtSources)
                ? null
                : Thread.ofPlatform().daemon().name("loomgate-reload").start(this::watch);
    }

    /// Reloads all of them. Returns at once; the outcome is logged. Any thread.
    public void reload(String why) {
        if (applications.isEmpty()) {
            LOG.log(Level.INFO, "{0}: there is no Python application to reload", why);
            return;
        }
        LOG.log(Level.INFO, "{0}: reloading the Python applications", why);
        applications.forEach(PythonApplication::reload);
    }

    private void warnOfMissing() {
        for (Path file : touched) {
            if (!Files.exists(file)) {
                LOG.log(
                        Level.WARNING,
                        () ->
                                "there is no file %s (--touch-reload): the Python applications are reloaded when it is made"
                                        .formatted(file.normalize()));
            }
        }
    }

    private void watch() {
        Map<Path, FileState> known = states();
        if (sources != null) {
            sources.changed();
        }
        try {
            while (true) {
                Thread.sleep(period);
                Map<Path, FileState> now = states();
                Path source = sources == null ? null : sources.changed();
                if (!now.equals(known)) {
                    known = now;
                    reload("--touch-reload");
                } else if (source != null) {
                    reload(source + " has changed (--py-autoreload)");
                }
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "files are no longer watched");
        }
    }

    private Map<Path, FileState> states() {
        Map<Path, FileState> states = new HashMap<>();
        for (Path file : touched) {
            try {
                states.put(file, FileState.of(file));
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "{0} isn''t there (--touch-reload)", file);
            }
        }
        return states;
    }

    @Override
    public void close() {
        if (watcher != null) {
            watcher.interrupt();
        }
    }
}
