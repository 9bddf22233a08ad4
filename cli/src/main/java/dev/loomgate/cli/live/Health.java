package dev.loomgate.cli.live;

import dev.loomgate.python.snapshot.ProgramSnapshot;
import dev.loomgate.python.snapshot.WorkerSnapshot;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Whether a server is alive, and whether it is ready for requests: what service managers and load balancers ask, from
/// before its start to its end. Any thread that may wait.
///
/// | state | live | ready |
/// |---|---|---|
/// | its application is being loaded | yes | no |
/// | it serves, also while a reload is under way | its loops turn | its Python applications serve, too |
/// | it accepts no connections for now (SIGTSTP) | its loops turn | no |
/// | it drains (`ctl drain`) | its loops turn | no |
/// | it stops | yes | no |
///
/// A Python application serves if it has a worker that does, or needs none before the next request.
public final class Health {
    private final Duration limit;
    private volatile @Nullable LiveServer server;
    private volatile boolean suspended;
    private volatile boolean draining;
    private volatile boolean stopping;

    /// @param limit within which each loop has to take a turn
    public Health(Duration limit) {
        this.limit = limit;
    }

    /// It serves from now on.
    public void serves(LiveServer now) {
        server = now;
    }

    /// It accepts no connections, or accepts them again.
    public void suspends(boolean now) {
        suspended = now;
    }

    /// Clients are to go elsewhere, or may come again.
    public void drains(boolean now) {
        draining = now;
    }

    /// It stops: it doesn't serve any more, or soon.
    public void stops() {
        stopping = true;
    }

    /// Why the server isn't alive, in one line; empty if it is.
    public Optional<String> whyNotLive() throws InterruptedException {
        LiveServer now = server;
        return now == null || stopping ? Optional.empty() : whyNotTurning(now);
    }

    /// Why a program that has been loaded has no worker, in one line; empty if each has one, or needs none
    /// before the next request; and while the server starts or stops.
    public Optional<String> whyNoWorkers() throws InterruptedException {
        LiveServer now = server;
        if (now == null || stopping) {
            return Optional.empty();
        }
        try {
            return now.look().programs().stream()
                    .map(LiveServer.Program::snapshot)
                    .filter(program -> program.generation() > 0 && !serves(program))
                    .findFirst()
                    .map(Health::noWorker);
        } catch (IllegalStateException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /// Why the server isn't ready for requests, in one line; empty if it is.
    public Optional<String> whyNotReady() throws InterruptedException {
        LiveServer now = server;
        Optional<String> state = state(now);
        if (now == null || state.isPresent()) {
            return state;
        }
        Optional<String> held = whyNotTurning(now);
        if (held.isPresent()) {
            return held;
        }
        try {
            return whyNotServing(now.look());
        } catch (IllegalStateException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /// The same by what was seen at a moment, without a look at the loops.
    public Optional<String> whyNotReady(LiveServer.Moment moment) {
        Optional<String> state = state(server);
        return state.isPresent() ? state : whyNotServing(moment);
    }

    private Optional<String> state(@Nullable LiveServer now) {
        if (stopping) {
            return Optional.of("the server stops");
        }
        if (now == null) {
            return Optional.of("the server starts");
        }
        if (draining) {
            return Optional.of("the server drains (ctl drain)");
        }
        return suspended ? Optional.of("new connections wait (SIGTSTP, ctl pause)") : Optional.empty();
    }

    private Optional<String> whyNotTurning(LiveServer now) throws InterruptedException {
        try {
            now.server().nextTurn().get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return Optional.empty();
        } catch (TimeoutException e) {
            return Optional.of("a loop has taken no turn within %d ms (--health-limit)".formatted(limit.toMillis()));
        } catch (ExecutionException e) {
            return Optional.of("the server has ended");
        }
    }

    private static Optional<String> whyNotServing(LiveServer.Moment moment) {
        return moment.programs().stream()
                .map(LiveServer.Program::snapshot)
                .filter(program -> !serves(program))
                .findFirst()
                .map(Health::noWorker);
    }

    private static String noWorker(ProgramSnapshot program) {
        return "no worker of " + program.name() + " serves";
    }

    private static boolean serves(ProgramSnapshot program) {
        return program.generation() > 0
                && (program.isAsleep() || program.workers().stream().anyMatch(WorkerSnapshot::serves));
    }
}
