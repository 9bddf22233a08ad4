package dev.loomgate.cli.emperor;

import dev.loomgate.cli.process.ControlSocket;
import dev.loomgate.server.ServerStartException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The vassals of a process that several share, each run by a thread of its own, which the threads of its server come
/// from. The emperor's side is [SharedProcess].
///
/// ```java
/// Optional<VassalThreads> vassals = VassalThreads.enter(); // before anything else
/// int status = vassals.get().run((emperor, arguments) -> ...); // serves, and returns the exit status
/// ```
public final class VassalThreads {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    /// Code that doesn't react to an interrupt in that time never will.
    private static final Duration KILL_LIMIT = Duration.ofSeconds(20);

    /// How long vassals may take to end when the emperor has been killed.
    private static final Duration LOST_LIMIT = Duration.ofSeconds(60);

    private static final int FAILED = 1;
    private static final int KILLED = 128 + 9;

    /// Runs one vassal.
    @FunctionalInterface
    public interface Runner {
        /// Returns when it has ended.
        ///
        /// @param arguments its command line
        /// @return what would be the exit status of a process
        int run(EmperorLink emperor, List<String> arguments);
    }

    private record Running(String name, Thread thread, EmperorLink emperor) {}

    private final ControlSocket control;
    private final Map<Integer, Running> running = new ConcurrentHashMap<>();

    private VassalThreads(ControlSocket control) {
        this.control = control;
    }

    /// The first thing of the program, since it is another user's before.
    ///
    /// @return empty if this process isn't one that vassals share
    /// @throws ServerStartException if that isn't possible
    public static Optional<VassalThreads> enter() throws ServerStartException {
        if (System.getProperty(VassalCommand.SHARED) == null) {
            return Optional.empty();
        }
        ControlSocket control = EmperorLink.inherited();
        EmperorLink.becomeUser();
        return Optional.of(new VassalThreads(control));
    }

    /// Runs those that the emperor starts here, until no more come and all have ended.
    ///
    /// @return the exit status
    public int run(Runner runner) {
        Optional<ControlSocket.Received> received = control.receive();
        while (received.isPresent()) {
            ControlSocket.Received message = received.get();
            if (SharedMessage.START.is(message.message())) {
                start(message, runner);
            } else if (SharedMessage.KILL.is(message.message())) {
                kill(SharedMessage.id(message.text()));
            }
            received = control.receive();
        }
        endAll();
        return 0;
    }

    private void start(ControlSocket.Received message, Runner runner) {
        int id = SharedMessage.id(message.text());
        VassalStart start = VassalStart.of(SharedMessage.more(message.text()));
        EmperorLink emperor;
        try {
            emperor = EmperorLink.ofShared(ControlSocket.received(message), start.onDemand());
        } catch (IOException e) {
            LOG.log(Level.ERROR, "emperor: {0} can''t start: {1}", start.name(), e.getMessage());
            ended(id, FAILED);
            return;
        }
        Thread thread = Thread.ofPlatform()
                .name("loomgate-vassal-" + start.name())
                .unstarted(() -> {
                    int status = run(runner, emperor, start);
                    emperor.needsItsOwn()
                            .ifPresentOrElse(why -> tell(SharedMessage.APART, id, why), () -> ended(id, status));
                });
        running.put(id, new Running(start.name(), thread, emperor));
        thread.start();
    }

    // What one throws is no other's matter.
    @SuppressWarnings({"PMD.AvoidCatchingThrowable", "IllegalCatch"})
    private static int run(Runner runner, EmperorLink emperor, VassalStart start) {
        try {
            if (start.startHook() != null) {
                EmperorLink.runHook(start.startHook(), start.name());
            }
            return runner.run(emperor, start.arguments());
        } catch (ServerStartException e) {
            LOG.log(Level.ERROR, "emperor: {0} can''t start: {1}", start.name(), e.getMessage());
        } catch (Throwable e) {
            LOG.log(Level.ERROR, "emperor: " + start.name() + " has failed", e);
        } finally {
            emperor.close();
        }
        return FAILED;
    }

    private void ended(int id, int status) {
        tell(SharedMessage.ENDED, id, Integer.toString(status));
    }

    private void tell(SharedMessage message, int id, String more) {
        running.remove(id);
        try {
            control.send(message.code(), SharedMessage.text(id, more), List.of());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the emperor has ended: {0}", e.getMessage());
        }
    }

    /// As SIGKILL does, as far as that goes: what waits is interrupted, and what doesn't react is left behind.
    private void kill(int id) {
        Running one = running.get(id);
        if (one == null) {
            return;
        }
        one.emperor().endAtOnce();
        one.thread().interrupt();
        Thread.ofPlatform().daemon().name("loomgate-vassal-kill").start(() -> {
            try {
                if (!one.thread().join(KILL_LIMIT) && running.containsKey(id)) {
                    LOG.log(
                            Level.ERROR,
                            "emperor: {0} doesn''t end {1} s after it was interrupted, and is left behind in this process;"
                                    + " with --isolate it could be killed",
                            one.name(),
                            KILL_LIMIT.toSeconds());
                    ended(id, KILLED);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // nobody does that
            }
        });
    }

    // The emperor has ended: each vassal has noticed itself. Or it needs this process no more, and there are none.
    private void endAll() {
        awaitAll(LOST_LIMIT);
        List.copyOf(running.keySet()).forEach(this::kill);
        awaitAll(KILL_LIMIT);
    }

    private void awaitAll(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            for (Running one : List.copyOf(running.values())) {
                one.thread().join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does that
        }
    }
}
