package dev.loomgate.cli.reload;

import dev.loomgate.cli.files.WatchedFiles;
import dev.loomgate.python.PythonApplication;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reloads applications when asked to, or when files that are watched have changed, and does what else is to be
/// done then. A daemon thread looks at the files, if there are any; [#close] ends it.
public final class Reloading implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    private static final Duration TOUCH_PERIOD = Duration.ofSeconds(1);

    /// Hears of reloads. Any thread but a loop's.
    public interface Listener {
        void begins();

        /// @param succeeded whether all applications are reloaded; those that couldn't be go on as they were
        void ended(boolean succeeded);
    }

    private final List<PythonApplication> applications;
    private final List<Reloadable> java;
    private final Listener listener;
    private final boolean exits;
    private final Consumer<String> exit;
    private final WatchedFiles touched;
    private final WatchedFiles objects;
    private final WatchedFiles workers;
    private final WatchedFiles chain;
    private final WatchedFiles spoolers;
    private final WatchedFiles mules;
    private final TouchActions actions;
    private final @Nullable SourceFiles sources;
    private final @Nullable SourceFiles javaSources;
    private final Duration period;
    private final @Nullable Thread watcher;
    private volatile Runnable also = () -> {};

    /// @param applications what is reloaded
    /// @param java and in this JVM
    /// @param triggers what asks for it
    /// @param listener hears of it
    /// @param exit ends the server, where that is to be done instead; gets the reason
    public Reloading(
            List<PythonApplication> applications,
            List<Reloadable> java,
            ReloadTriggers triggers,
            Listener listener,
            Consumer<String> exit) {
        this.applications = List.copyOf(applications);
        this.java = List.copyOf(java);
        this.listener = listener;
        this.exit = exit;
        exits = triggers.exits();
        touched = new WatchedFiles("--touch-reload", triggers.touched(), false);
        objects = new WatchedFiles("--fs-reload", triggers.objects(), true);
        workers = new WatchedFiles("--touch-workers-reload", triggers.workers(), false);
        chain = new WatchedFiles("--touch-chain-reload", triggers.chain(), false);
        spoolers = new WatchedFiles("--touch-spoolers-reload", triggers.spoolers(), false);
        mules = new WatchedFiles("--touch-mules-reload", triggers.mules(), false);
        actions = new TouchActions(this.applications, triggers);
        sources = triggers.looksAtSources() && !applications.isEmpty()
                ? SourceFiles.ofPython(triggers.sourceDirectories())
                : null;
        javaSources = triggers.looksAtSources() && !java.isEmpty() ? javaSources() : null;
        period = triggers.looksAtSources() ? triggers.sourcePeriod() : TOUCH_PERIOD;
        boolean reloads = (!applications.isEmpty() || !java.isEmpty())
                && (triggers.looksAtSources() || !all().allMatch(WatchedFiles::isEmpty));
        if (reloads) {
            all().forEach(Reloading::warnOfMissing);
        }
        actions.warnOfMissing();
        watcher = !reloads && actions.isEmpty()
                ? null
                : Thread.ofPlatform().daemon().name("loomgate-reload").start(this::watch);
    }

    // They have been compiled already: what changes from now on is another version.
    private SourceFiles javaSources() {
        SourceFiles files = SourceFiles.ofJava(java.stream()
                .flatMap(each -> each.sources().stream())
                .distinct()
                .toList());
        files.changed();
        return files;
    }

    private Stream<WatchedFiles> all() {
        return Stream.of(touched, objects, workers, chain, spoolers, mules);
    }

    /// Something else is reloaded with them from now on.
    ///
    /// @param action returns at once
    public void alsoReload(Runnable action) {
        also = action;
    }

    /// Reloads all of them. Returns at once; the outcome is logged. Any thread.
    ///
    /// @return whether there are any
    public boolean reload(String why) {
        if (exits) {
            exit.accept(why + " (--exit-on-reload)");
            return true;
        }
        listener.begins();
        boolean any = !applications.isEmpty() || !java.isEmpty();
        LOG.log(
                Level.INFO,
                any
                        ? "{0}: reloading the applications"
                        : "{0}: there is no Python application to reload; a Java one can be with --touch-reload or"
                                + " --autoreload",
                why);
        follow(Stream.concat(
                applications.stream().map(application -> application.reload().thenApply(_ -> true)),
                java.stream().map(application -> application.reload(why))));
        also.run();
        return any;
    }

    private void reloadJava(String why) {
        if (exits) {
            exit.accept(why + " (--exit-on-reload)");
            return;
        }
        listener.begins();
        follow(java.stream().map(application -> application.reload(why)));
    }

    private void follow(Stream<CompletionStage<Boolean>> reloads) {
        List<CompletableFuture<Boolean>> all =
                reloads.map(CompletionStage::toCompletableFuture).toList();
        // Not on a loop, where they complete: the listener may wait.
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .whenCompleteAsync((nothing, failure) ->
                        listener.ended(failure == null && all.stream().allMatch(CompletableFuture::join)));
    }

    /// Replaces the workers of all of them, without another import where they have it by fork. Returns at once. Any
    /// thread.
    ///
    /// @param oneByOne whether each only when the one before has been replaced
    public void replaceWorkers(boolean oneByOne, String why) {
        applications.forEach(application -> application.replaceWorkers(oneByOne, why));
    }

    private static void warnOfMissing(WatchedFiles files) {
        for (Path file : files.missing()) {
            LOG.log(Level.WARNING, () -> "there is no file %s (%s): the applications are reloaded when it is made"
                    .formatted(file.normalize(), files.option()));
        }
    }

    private void watch() {
        all().forEach(WatchedFiles::haveChanged);
        actions.begin();
        if (sources != null) {
            sources.changed();
        }
        try {
            while (true) {
                Thread.sleep(period);
                if (!applications.isEmpty() || !java.isEmpty()) {
                    look();
                }
                actions.look();
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "files are no longer watched");
        }
    }

    private void look() throws InterruptedException {
        List<WatchedFiles> changed = all().filter(WatchedFiles::haveChanged).toList();
        Path source = sources == null ? null : sources.changed();
        Path javaSource = javaSources == null ? null : javaSources.settled();
        if (changed.contains(touched)) {
            reload(touched.option());
        } else if (changed.contains(objects)) {
            reload(objects.option());
        } else if (source != null) {
            reload(source + " has changed (--autoreload)");
        } else if (changed.contains(workers)) {
            replaceWorkers(false, workers.option());
        } else if (changed.contains(chain)) {
            replaceWorkers(true, chain.option());
        } else if (changed.contains(mules)) {
            applications.forEach(application -> application.replaceProcesses("mule", mules.option()));
        }
        if (javaSource != null && !changed.contains(touched) && !changed.contains(objects)) {
            reloadJava(javaSource + " has changed (--autoreload)");
        }
        if (changed.contains(spoolers)) {
            applications.forEach(each -> each.replaceProcesses("spooler", spoolers.option()));
        }
    }

    @Override
    public void close() {
        if (watcher != null) {
            watcher.interrupt();
        }
    }
}
