package dev.loomgate.cli;

import dev.loomgate.python.ProgramListener;
import dev.loomgate.python.PythonApplication;
import dev.loomgate.server.Server;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// What Python applications tell of: signals that mean the server, and that they have nothing to do. And what
/// they ask of the server. Called by their loops, except where it may wait.
final class ProgramEvents {
    private static final long LIMIT_SECONDS = 5;

    private final Signals signals;
    private final Set<PythonApplication> all;
    private final boolean diesOnIdle;
    private final Optional<Path> script;
    private final CompletableFuture<Server> server = new CompletableFuture<>();
    private volatile int status;
    private final Set<PythonApplication> idle = ConcurrentHashMap.newKeySet();

    /// @param diesOnIdle whether the server stops when all of them are idle
    /// @param script with whose end the server stops
    ProgramEvents(Signals signals, Set<PythonApplication> all, boolean diesOnIdle, Optional<Path> script) {
        this.signals = signals;
        this.all = Set.copyOf(all);
        this.diesOnIdle = diesOnIdle;
        this.script = script;
    }

    /// Hears them from now on. Before their start.
    void listen() {
        all.forEach(program -> program.listen(new ProgramListener() {
            @Override
            public void signal(String name) {
                signals.passedOn(name);
            }

            @Override
            public void idle(boolean isIdle) {
                changed(program, isIdle);
            }

            @Override
            public void scriptEnded(int with) {
                status = with;
                script.ifPresent(
                        file -> signals.stopBecause("the end of %s, status %d (--pyrun)".formatted(file, with)));
            }

            @Override
            public List<Integer> queued() {
                return ProgramEvents.this.queued();
            }
        }));
    }

    /// The script's exit status; 0 if it has not ended by itself.
    int status() {
        return status;
    }

    /// It is this server that has them.
    void serves(Server itself) {
        server.complete(itself);
    }

    // A program's first request may come before the start is over.
    private List<Integer> queued() {
        try {
            return server.get(LIMIT_SECONDS, TimeUnit.SECONDS).snapshot().sockets().stream()
                    .map(socket -> socket.queued().orElse(0))
                    .toList();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } catch (ExecutionException | TimeoutException e) {
            return List.of();
        }
    }

    private void changed(PythonApplication program, boolean isIdle) {
        if (!isIdle) {
            idle.remove(program);
        } else if (idle.add(program) && diesOnIdle && idle.containsAll(all)) {
            signals.stopBecause("--die-on-idle");
        }
    }
}
