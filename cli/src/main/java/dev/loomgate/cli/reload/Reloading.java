package dev.loomgate.cli.reload;

import dev.loomgate.python.PythonApplication;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reloads Python applications when asked to, or when files that are watched have changed. A daemon
/// thread looks at the files, if there are any; [#close] ends it.
public final class Reloading implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    private static final Duration TOUCH_PERIOD = Duration.ofSeconds(1);

    private final List<PythonApplication> applications;
    private final boolean exits;
    private final Consumer<String> exit;
    private final WatchedFiles touched;
    private final WatchedFiles objects;
    private final WatchedFiles workers;
    private final WatchedFiles chain;
    private final @Nullable SourceFiles sources;
    private final Duration period;
    private final @Nullable Thread watcher;

    /// @param applications what is reloaded
    /// @param triggers what asks for it
    /// @param exit ends the server, where that is to be done instead; gets the reason
    public Reloading(List<PythonApplication> applications, ReloadTriggers triggers, Consumer<String> exit) {
        this.applications = List.copyOf(applications);
        this.exit = exit;
        exits = triggers.exits();
        touched = new WatchedFiles("--touch-reload", triggers.touched(), false);
        objects = new WatchedFiles("--fs-reload", triggers.objects(), true);
        workers = new WatchedFiles("--touch-workers-reload", triggers.workers(), false);
        chain = new WatchedFiles("--touch-chain-reload", triggers.chain(), false);
        sources = triggers.looksAtSources() ? new SourceFiles(triggers.sourceDirectories()) : null;
        period = triggers.looksAtSources() ? triggers.sourcePeriod() : TOUCH_PERIOD;
        boolean watches = triggers.looksAtSources() || !all().allMatch(WatchedFiles::isEmpty);
        if (!applications.isEmpty()) {
            all().forEach(Reloading::warnOfMissing);
        }
        watcher = applications.isEmpty() || !watches
                ? null
                : Thread.ofPlatform().daemon().name("loomgate-reload").start(this::watch);
    }

    private Stream<WatchedFiles> all() {
        return Stream.of(touched, objects, workers, chain);
    }

    /// Reloads all of them. Returns at once; the outcome is logged. Any thread.
    public void reload(String why) {
        if (exits) {
            exit.accept(why + " (--exit-on-reload)");
            return;
        }
        if (applications.isEmpty()) {
            LOG.log(Level.INFO, "{0}: there is no Python application to reload", why);
            return;
        }
        LOG.log(Level.INFO, "{0}: reloading the Python applications", why);
        applications.forEach(PythonApplication::reload);
    }

    private void replaceWorkers(boolean oneByOne, String why) {
        applications.forEach(application -> application.replaceWorkers(oneByOne, why));
    }

    private static void warnOfMissing(WatchedFiles files) {
        for (Path file : files.missing()) {
            LOG.log(
                    Level.WARNING,
                    () -> "there is no file %s (%s): the Python applications are reloaded when it is made"
                            .formatted(file.normalize(), files.option()));
        }
    }

    private void watch() {
        all().forEach(WatchedFiles::haveChanged);
        if (sources != null) {
            sources.changed();
        }
        try {
            while (true) {
                Thread.sleep(period);
                look();
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "files are no longer watched");
        }
    }

    private void look() {
        List<WatchedFiles> changed = all().filter(WatchedFiles::haveChanged).toList();
        Path source = sources == null ? null : sources.changed();
        if (changed.contains(touched)) {
            reload(touched.option());
        } else if (changed.contains(objects)) {
            reload(objects.option());
        } else if (source != null) {
            reload(source + " has changed (--py-autoreload)");
        } else if (changed.contains(workers)) {
            replaceWorkers(false, workers.option());
        } else if (changed.contains(chain)) {
            replaceWorkers(true, chain.option());
        }
    }

    @Override
    public void close() {
        if (watcher != null) {
            watcher.interrupt();
        }
    }
}
