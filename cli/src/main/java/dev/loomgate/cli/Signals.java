package dev.loomgate.cli;

import dev.loomgate.cli.log.ServerLog;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the operating system's signals do.
///
/// | signal | effect |
/// |---|---|
/// | SIGTERM, SIGINT | a graceful stop, by force after its limit; a second one: at once, status 128 and its number |
/// | SIGHUP | Python applications are reloaded; as in uWSGI. While they are loaded for the first time: after that |
/// | SIGUSR1 | all microthreads are written to the log; uWSGI writes its statistics then |
/// | SIGQUIT | the JVM's own dump of platform threads |
/// | SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGPWR | none, rather than the end |
///
/// SIGUSR2 opens the log's file again, where the launcher has kept HotSpot from using it to suspend threads.
///
/// Those that come to the Python processes are passed on ([#passedOn]): a program that signals its parent means the
/// server. A signal to the whole process group, as a closed terminal sends it, comes by both ways and counts once. So
/// does a stop that is sent to the server and at once to its group, as `timeout` does.
final class Signals {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    /// What would end the process, means nothing to it, and comes where one signals the whole process group, or its
    /// parent. By a handler: ignored, it would be ignored in the processes of Python, too.
    private static final List<String> MEANINGLESS = List.of("ALRM", "VTALRM", "PROF", "IO", "PWR");

    /// A second signal within this time is the first one, come by another way.
    private static final Duration SAME_STOP = Duration.ofMillis(250);

    /// Set by the launcher to another signal for HotSpot than SIGUSR2.
    private static final String HOTSPOTS_SIGNAL = "_JAVA_SR_SIGNUM";

    private static final long NEVER = Long.MIN_VALUE;

    private final ServerLog log;
    private final CompletableFuture<String> stop = new CompletableFuture<>();
    private final AtomicLong firstStopNanos = new AtomicLong(NEVER);
    private final OnceAGroup hangup = new OnceAGroup();
    private final OnceAGroup user1 = new OnceAGroup();
    private final OnceAGroup user2 = new OnceAGroup();
    private volatile @Nullable Duration limit;
    private volatile Supplier<String> dump = () -> "the server has not started yet\n";

    // Both guarded by this.
    private @Nullable Runnable reload;
    private boolean reloadsLater;

    private volatile Runnable reopen = () -> LOG.log(Level.INFO, "SIGUSR2: there is no log file to be opened yet");

    private Signals(ServerLog log) {
        this.log = log;
    }

    static Signals install(ServerLog log) {
        Signals signals = new Signals(log);
        signals.handle("TERM", number -> signals.stop("SIGTERM", number));
        signals.handle("INT", number -> signals.stop("SIGINT", number));
        signals.handle("HUP", number -> signals.hangup.came(signals::reload));
        signals.handle("USR1", number -> signals.user1.came(signals::writeDump));
        if (System.getenv(HOTSPOTS_SIGNAL) != null) {
            signals.handle("USR2", number -> signals.user2.came(() -> signals.reopen.run()));
        }
        MEANINGLESS.forEach(name -> signals.handle(name, number -> {}));
        return signals;
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

    void dumpOf(Supplier<String> microthreads) {
        dump = microthreads;
    }

    /// Waits for the first signal that asks for a stop, or another reason for one.
    ///
    /// @return its name, or the reason
    String awaitStop() {
        return stop.join();
    }

    /// A signal has come to another process of this server. Any thread; never waits.
    void passedOn(String name) {
        switch (name) {
            case "SIGHUP" -> hangup.cameElsewhere(this::reload);
            case "SIGUSR1" -> user1.cameElsewhere(this::writeDump);
            // It never counts as the second one, which ends at once.
            case "SIGINT", "SIGTERM" -> stop.complete(name);
            default -> LOG.log(Level.INFO, "{0} has no effect on the server", name);
        }
    }

    /// Asks for a stop, as the first signal does. Any thread; never waits.
    ///
    /// @param why for the log
    void stopFor(String why) {
        stop.complete(why);
    }

    private void stop(String name, int number) {
        stop.complete(name);
        long now = System.nanoTime();
        long first = firstStopNanos.compareAndExchange(NEVER, now);
        if (first != NEVER && now - first < SAME_STOP.toNanos()) {
            return;
        }
        if (first != NEVER) {
            LOG.log(Level.WARNING, () -> name + " again: exiting immediately");
            log.flush();
            Runtime.getRuntime().halt(128 + number);
        }
        Duration latest = limit;
        if (latest != null) {
            Thread.ofPlatform().daemon().name("loomgate-stop-limit").start(() -> haltAfter(latest, name, number));
        }
    }

    private void haltAfter(Duration latest, String name, int number) {
        try {
            Thread.sleep(latest);
        } catch (InterruptedException e) {
            return; // nobody does that
        }
        // The log may be what hangs: it is given a moment in a thread of its own.
        Thread last = Thread.ofPlatform().daemon().start(() -> {
            LOG.log(
                    Level.ERROR,
                    () ->
                            "%s: not ended after %d s and ended by force (--stop-timeout and a grace); these are left:%n%s"
                                    .formatted(
                                            name, latest.toSeconds(), dump.get().stripTrailing()));
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
        LOG.log(Level.INFO, () -> "microthreads:\n" + dump.get().stripTrailing());
    }

    /// Each signal is handled in a platform thread of its own, so it works while all loops are held.
    ///
    /// By reflection: `sun.misc.Signal` is the only way, it is exported for good by `jdk.unsupported`, and javac
    /// warns of it in a way that no annotation silences.
    private void handle(String name, Consumer<Integer> action) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object signal = signalType.getConstructor(String.class).newInstance(name);
            int number = (int) signalType.getMethod("getNumber").invoke(signal);
            InvocationHandler calls = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    action.accept(number);
                    yield null;
                }
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "handler of SIG" + name;
            };
            Object handler =
                    Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handlerType}, calls);
            signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            LOG.log(Level.WARNING, "SIG" + name + " keeps the JVM's default effect", e);
        }
    }
}
