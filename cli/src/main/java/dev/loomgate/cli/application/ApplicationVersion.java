package dev.loomgate.cli.application;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.loop.Loop;
import dev.loomgate.loop.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One version of an application that can be replaced: its classes, its hooks, and the requests that it answers.
///
/// ```text
/// loaded -- start, on each loop --> current -- retire --> retiring -- its last request ends --> stopped, on each loop
/// ```
/// Any thread; its code runs in microthreads of the loops, with its class loader as theirs.
final class ApplicationVersion {
    private final Application application;
    private final Lifecycle hooks;
    private final @Nullable ClassLoader loader;
    private final Set<Running> running = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final AtomicBoolean ending = new AtomicBoolean();
    private volatile boolean retired;

    /// @param loader of its classes, which is closed at the end
    ApplicationVersion(LoadedApplication loaded, Application application, @Nullable ClassLoader loader) {
        this.application = application;
        this.loader = loader;
        hooks = Lifecycle.all(
                Stream.concat(loaded.hooks().stream(), Stream.of(application)).toList());
    }

    /// Prepares it for the loop of the calling microthread.
    void start() throws Exception {
        inItsLoader(hooks::start);
    }

    /// Releases what [#start] opened on the loop of the calling microthread.
    void stop() throws Exception {
        inItsLoader(hooks::stop);
    }

    private void inItsLoader(Hook hook) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            hook.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /// Prepares it on each of the loops. If it can't be started on all, it is stopped on those where it was.
    ///
    /// @throws Exception what its hook threw
    void start(List<Loop> loops) throws Exception {
        List<Loop> started = new ArrayList<>();
        for (Loop loop : loops) {
            try {
                on(loop, this::start).join();
                started.add(loop);
            } catch (CompletionException e) {
                end(started);
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }
    }

    /// Stops it on the loops, and closes its files.
    ///
    /// @return completed afterwards
    CompletableFuture<Void> end(List<Loop> loops) {
        CompletableFuture<?>[] stops = loops.stream()
                .map(loop -> on(loop, this::stop).exceptionally(ReloadLog::stopFailed))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(stops).thenRun(() -> {
            ApplicationClassPath.close(loader);
            over.complete(null);
        });
        return over;
    }

    private interface Hook {
        void run() throws Exception;
    }

    private static Task<@Nullable Void> on(Loop loop, Hook hook) {
        return loop.createTask(() -> {
            hook.run();
            return null;
        });
    }

    /// Takes a request, which then has the class loader.
    ///
    /// @param left told if it was the last one of a version that is replaced
    /// @return null if it is replaced already
    @Nullable
    Running enter(Environ environ, Runnable left) {
        Running request = new Running(environ);
        running.add(request);
        // It is looked at after the entry, and set before the entries are looked at: one of the two sees the other.
        if (retired) {
            leave(request, left);
            return null;
        }
        return request;
    }

    /// Answers a request that has entered.
    ///
    /// @param left told when the last one has left a version that is replaced
    Body call(Running request, Environ environ, StartResponse startResponse, Runnable left) throws Exception {
        Thread.currentThread().setContextClassLoader(loader);
        Body body;
        try {
            body = application.call(environ, startResponse);
        } catch (Exception | Error e) {
            leave(request, left);
            throw e;
        }
        return body.onClose(() -> leave(request, left));
    }

    private void leave(Running request, Runnable left) {
        running.remove(request);
        if (retired && running.isEmpty()) {
            left.run();
        }
    }

    /// No more requests enter.
    ///
    /// @param left told when none is left; perhaps more than once
    /// @return how many are left now
    int retire(Runnable left) {
        retired = true;
        running.forEach(Running::versionEnds);
        int still = running.size();
        if (still == 0) {
            left.run();
        }
        return still;
    }

    /// Whether it is to be ended now: true once.
    boolean ends() {
        return ending.compareAndSet(false, true);
    }

    /// Completed when it has been stopped.
    CompletableFuture<Void> over() {
        return over;
    }
}
