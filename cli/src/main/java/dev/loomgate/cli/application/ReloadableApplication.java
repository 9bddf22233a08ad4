package dev.loomgate.cli.application;

import dev.loomgate.cli.reload.Reloadable;
import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.loop.Loop;
import dev.loomgate.toolkit.JsonCodec;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// An application whose versions follow each other while the server serves.
///
/// The next version is loaded in a class loader of its own, and started on each loop. Only then does it get requests;
/// the version before is stopped when its last request has ended, and its class loader is left to the garbage
/// collector. If the next one can't be compiled, loaded or started, nothing changes.
final class ReloadableApplication implements Application, Lifecycle, Reloadable {
    private final ApplicationLoader loader;
    private final String name;
    private final String shown;
    private final UnaryOperator<Application> around;
    private final ReloadView view;
    private final @Nullable ClassLoader outer = Thread.currentThread().getContextClassLoader();
    private final List<Loop> loops = new CopyOnWriteArrayList<>();
    private final Set<ApplicationVersion> retiring = ConcurrentHashMap.newKeySet();
    private final ReentrantLock reloads = new ReentrantLock();
    private final Object switching = new Object();
    private volatile ApplicationVersion current;
    private boolean ending; // guarded by switching

    /// Loads the first version. The calling thread keeps its context class loader: those that it starts would hold the
    /// first version's.
    ///
    /// @param around what stands before each version
    /// @param view hears of the next ones
    ReloadableApplication(
            ApplicationLoader loader, String option, String name, UnaryOperator<Application> around, ReloadView view)
            throws NoApplication {
        this.loader = loader;
        this.name = name;
        this.around = around;
        this.view = view;
        shown = option + " " + name;
        current = load(loader);
    }

    private ApplicationVersion load(ApplicationLoader from) throws NoApplication {
        Thread thread = Thread.currentThread();
        thread.setContextClassLoader(outer);
        try {
            LoadedApplication loaded = from.load(name);
            return new ApplicationVersion(
                    loaded,
                    Lifecycle.passOn(loaded.application(), around.apply(loaded.application())),
                    thread.getContextClassLoader());
        } catch (NoApplication | RuntimeException | Error e) {
            ApplicationClassPath.close(thread.getContextClassLoader());
            throw e;
        } finally {
            thread.setContextClassLoader(outer);
        }
    }

    @Override
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        while (true) {
            ApplicationVersion version = current;
            Runnable left = () -> end(version);
            Running request = version.enter(environ, left);
            if (request != null) {
                return version.call(request, environ, startResponse, left);
            }
        }
    }

    @Override
    public void start() throws Exception {
        current.start();
        loops.add(Loop.current());
    }

    @Override
    public void stop() throws Exception {
        ApplicationVersion last;
        synchronized (switching) {
            ending = true;
            last = current;
        }
        try {
            last.stop();
        } finally {
            // Those before it have no request any more, and are about to be stopped on this loop, too.
            for (ApplicationVersion version : retiring) {
                version.over().join();
            }
        }
    }

    @Override
    public List<Path> sources() {
        return loader.sources(name);
    }

    @Override
    public CompletionStage<Boolean> reload(String why) {
        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        Thread.ofPlatform()
                .daemon()
                .name("loomgate-java-reload")
                .inheritInheritableThreadLocals(false)
                .start(() -> outcome.complete(reloadInTurn(why)));
        return outcome;
    }

    private boolean reloadInTurn(String why) {
        reloads.lock();
        try {
            ApplicationVersion next = load(loader.withoutCache());
            next.start(loops);
            return replaceBy(next, why);
        } catch (NoApplication e) {
            failed(why, String.valueOf(e.getMessage()), e.getCause());
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            failed(why, shown + " can't start: " + e, e);
        } finally {
            reloads.unlock();
        }
        return false;
    }

    private void failed(String why, String message, @Nullable Throwable thrown) {
        ReloadLog.failed(why, message, thrown);
        view.failed(shown, message, thrown);
    }

    private boolean replaceBy(ApplicationVersion next, String why) {
        ApplicationVersion before;
        synchronized (switching) {
            if (ending) {
                next.end(loops);
                return false;
            }
            before = current;
            retiring.add(before);
            current = next;
        }
        ReloadLog.replaced(shown, why, before.retire(() -> end(before)));
        view.replaced(shown);
        return true;
    }

    /// The last request of a version before has ended; told perhaps twice.
    private void end(ApplicationVersion version) {
        if (version.ends()) {
            version.end(loops).thenRun(() -> {
                retiring.remove(version);
                JsonCodec.forgetTypes();
            });
        }
    }
}
