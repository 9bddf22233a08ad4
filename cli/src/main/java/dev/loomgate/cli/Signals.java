package dev.loomgate.cli;

import dev.loomgate.cli.log.ServerLog;
import dev.loomgate.cli.process.IgnoredSignal;
import dev.loomgate.cli.process.QuitSignal;
import dev.loomgate.server.signal.JvmSignal;
import dev.loomgate.server.signal.StopSignals;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the operating system's signals do.
///
/// | signal | effect |
/// |---|---|
/// | SIGTERM, SIGINT | a graceful stop, by force after its limit; a second one: at once, status 128 and its number |
/// | SIGQUIT | a stop at once: running requests are interrupted; by force after ten seconds |
/// | SIGHUP | Python applications are reloaded; as in uWSGI. While they are loaded for the first time: after that |
/// | SIGTSTP | new connections wait; with a second one, they are served again |
/// | SIGUSR1 | microthreads, and what runs in Python, are logged; uWSGI logs its statistics then |
/// | SIGURG | an emperor tries vassals at once that have failed |
/// | SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGPWR | none, rather than the end |
///
/// SIGUSR2 opens the log's file again, where the launcher has kept HotSpot from using it to suspend threads. SIGHUP and
/// SIGTERM are heard even where the process was started to ignore them, as by nohup.
///
/// Those that come to the Python processes are passed on ([#passedOn]): a program that signals its parent means the
/// server. A signal to the whole process group, as a closed terminal sends it, comes by both ways and counts once. So
/// does a stop that is sent to the server and at once to its group, as `timeout` does.
final class Signals {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    /// What would end the process, means nothing to it, and comes where one signals the whole process group, or its
    /// parent. By a handler: ignored, it would be ignored in the processes of Python, too.
    private static final List<String> MEANINGLESS = List.of("ALRM", "VTALRM", "PROF", "IO", "PWR");

    /// Those that are heard though the process was started to ignore them. Not SIGINT, which shells ignore for what
    /// they start in the background.
    private static final Set<String> HEARD_ANYWAY = Set.of("HUP", "TERM");

    /// SIGQUIT interrupts what runs; what isn't gone then won't go.
    private static final Duration QUIT_LIMIT = Duration.ofSeconds(10);

    /// Set by the launcher to another signal for HotSpot than SIGUSR2.
    private static final String HOTSPOTS_SIGNAL = "_JAVA_SR_SIGNUM";

    private static final int SIGTERM = 15;

    /// What asks for the end.
    ///
    /// @param why for the log: the signal's name
    /// @param atOnce whether running requests are interrupted
    record Stop(String why, boolean atOnce) {}

    private final ServerLog log;
    private final boolean ofProcess;
    private final CompletableFuture<Stop> stop = new CompletableFuture<>();
    private final StopSignals stops = new StopSignals();
    private final OnceAGroup hangup = new OnceAGroup();
    private final OnceAGroup suspend = new OnceAGroup();
    private final OnceAGroup user1 = new OnceAGroup();
    private final OnceAGroup user2 = new OnceAGroup();
    private volatile @Nullable Duration limit;
    private volatile Supplier<String> dump = () -> "the server has not started yet\n";
    private volatile String dumped = "microthreads";
    private volatile Runnable dumpElsewhere = () -> {};

    // Both guarded by this.
    private @Nullable Runnable reload;
    private boolean reloadsLater;

    private volatile Runnable suspendOrResume = () -> LOG.log(Level.INFO, "SIGTSTP: the server has not started yet");

    private volatile Runnable reopen = () -> LOG.log(Level.INFO, "SIGUSR2: there is no log file to be opened yet");

    private Signals(ServerLog log, boolean ofProcess) {
        this.log = log;
        this.ofProcess = ofProcess;
    }

    /// None of the operating system's, for a server that shares its process with others: only those that come to its
    /// Python processes, and what its emperor says. Nothing ends the process.
    static Signals ofSharedProcess(ServerLog log) {
        return new Signals(log, false);
    }

    static Signals install(ServerLog log) {
        Signals signals = new Signals(log, true);
        signals.handle("USR1", number -> signals.user1.came(signals::writeDump));
        signals.handle("TERM", number -> signals.stop(new Stop("SIGTERM", false), number));
        signals.handle("INT", number -> signals.stop(new Stop("SIGINT", false), number));
        signals.handle("HUP", number -> signals.hangup.came(signals::reload));
        signals.handle("TSTP", number -> signals.suspend.came(() -> signals.suspendOrResume.run()));
        if (System.getenv(HOTSPOTS_SIGNAL) != null) {
            signals.handle("USR2", number -> signals.user2.came(() -> signals.reopen.run()));
        }
        MEANINGLESS.forEach(name -> signals.handle(name, number -> {}));
        // Beside the start, since the C library's functions take a while to be found.
        Thread.ofPlatform().daemon().name("loomgate-sigquit").start(signals::handleQuit);
        return signals;
    }

    private void handleQuit() {
        CompletableFuture<QuitSignal> relay = new CompletableFuture<>();
        handle(QuitSignal.COMES_AS, number -> {
            if (QuitSignal.isOfTool()) {
                passOn(relay);
            } else {
                stop(new Stop("SIGQUIT", true), QuitSignal.NUMBER);
            }
        });
        QuitSignal.relay().ifPresent(relay::complete);
    }

    private static void passOn(CompletableFuture<QuitSignal> relay) {
        try {
            relay.join().passOn();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a tool that asks for the JVM can''t be let in: {0}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Ends the program at the latest that long after the first signal that asks for a stop.
    void endWithin(Duration latest) {
        limit = latest;
    }

    /// The program has been loaded. It is loaded once more, if a signal has asked for that meanwhile: what it is to
    /// take notice of may have come too late for the first time.
    void reloadBy(Runnable action) {
        synchronized (this) {
            reload = action;
            if (!reloadsLater) {
                return;
            }
        }
        action.run();
    }

    private void reload() {
        Runnable action;
        synchronized (this) {
            action = reload;
            reloadsLater |= action == null;
        }
        if (action == null) {
            LOG.log(Level.INFO, "SIGHUP: the program is being loaded for the first time; it is reloaded after that");
        } else {
            action.run();
        }
    }

    void reopenBy(Runnable action) {
        reopen = action;
    }

    void suspendBy(Runnable action) {
        suspendOrResume = action;
    }

    /// @param elsewhere has other processes write to the log what runs in them
    void dumpOf(Supplier<String> microthreads, Runnable elsewhere) {
        dump = microthreads;
        dumpElsewhere = elsewhere;
    }

    /// What is written to the log at SIGUSR1 is something else than microthreads.
    ///
    /// @param what its heading
    void dumpOf(String what, Supplier<String> text) {
        dumped = what;
        dump = text;
    }

    /// What SIGURG does.
    void urgentBy(Runnable action) {
        handle("URG", number -> action.run());
    }

    /// Waits for the first signal that asks for a stop.
    Stop awaitStop() {
        Stop wanted = stop.join();
        Thread.interrupted(); // that was to end the wait, and not what follows
        return wanted;
    }

    /// A stop is asked for as by SIGTERM: by a command, say. Any thread; never waits.
    void stop(Stop wanted) {
        stop(wanted, SIGTERM);
    }

    /// A signal has come to another process of this server. Any thread; never waits.
    void passedOn(String name) {
        switch (name) {
            case "SIGHUP" -> hangup.cameElsewhere(this::reload);
            case "SIGUSR1" -> user1.cameElsewhere(this::writeDump);
            // It never counts as the second one, which ends at once.
            case "SIGINT", "SIGTERM" -> stop.complete(new Stop(name, false));
            case "SIGQUIT" -> stop.complete(new Stop(name, true));
            default -> LOG.log(Level.INFO, "{0} has no effect on the server", name);
        }
    }

    /// The server is to end because of something else than a signal. It never counts as the second one, which ends at
    /// once. Any thread; never waits.
    ///
    /// @param why for the log, after `stopping on`
    void stopBecause(String why) {
        Stop wanted = new Stop(why, false);
        if (stop.complete(wanted)) {
            limitStop(wanted, SIGTERM);
        }
    }

    private void stop(Stop wanted, int number) {
        String name = wanted.why();
        stop.complete(wanted);
        StopSignals.Turn turn = stops.came();
        if (turn == StopSignals.Turn.SAME) {
            return;
        }
        if (turn == StopSignals.Turn.AGAIN && ofProcess) {
            LOG.log(Level.WARNING, () -> name + " again: exiting immediately");
            log.flush();
            Runtime.getRuntime().halt(128 + number);
        }
        limitStop(wanted, number);
    }

    private void limitStop(Stop wanted, int number) {
        Duration latest = wanted.atOnce() ? QUIT_LIMIT : limit;
        if (latest != null && ofProcess) {
            Thread.ofPlatform().daemon().name("loomgate-stop-limit").start(() -> haltAfter(latest, wanted, number));
        }
    }

    private void haltAfter(Duration latest, Stop wanted, int number) {
        try {
            Thread.sleep(latest);
        } catch (InterruptedException e) {
            return; // nobody does that
        }
        // The log may be what hangs: it is given a moment in a thread of its own.
        Thread last = Thread.ofPlatform().daemon().start(() -> {
            LOG.log(Level.ERROR, () -> "%s: not ended after %d s and ended by force%s; these are left:%n%s"
                    .formatted(
                            wanted.why(),
                            latest.toSeconds(),
                            wanted.atOnce() ? "" : " (--stop-timeout and a grace)",
                            dump.get().stripTrailing()));
            log.flush();
        });
        try {
            last.join(1000);
        } catch (InterruptedException e) {
            // It ends either way.
        }
        Runtime.getRuntime().halt(128 + number);
    }

    private void writeDump() {
        LOG.log(Level.INFO, () -> dumped + ":\n" + dump.get().stripTrailing());
        dumpElsewhere.run();
    }

    private void handle(String name, IntConsumer action) {
        try {
            JvmSignal signal = new JvmSignal(name);
            if (signal.handle(action) && HEARD_ANYWAY.contains(name)) {
                IgnoredSignal.hear(signal.number(), new JvmSignal("USR1").number());
            }
        } catch (ReflectiveOperationException | IllegalArgumentException | IOException e) {
            LOG.log(Level.WARNING, "SIG" + name + " keeps the JVM's default effect", e);
        }
    }
}
