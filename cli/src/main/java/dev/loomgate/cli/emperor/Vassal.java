package dev.loomgate.cli.emperor;

import dev.loomgate.cli.emperor.EmperorSettings.OnDemand;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One configuration file, and the process that serves what it says. Owned by the emperor's thread.
///
/// ```
///  WAITING ----------------------------> RUNNING
///   ^   |  <--(died: longer each time)--   ^
///   |   v                                  |
///  NAMING,  ON_DEMAND --(first connection)-'
///
///  RUNNING, the file changes:  current serves      next: reads its configuration
///                              current <-- LEAVE --  next: READY
///                              current ends          next: GO, with the sockets
/// ```
///
/// So a new configuration that can't be read disturbs nobody. The sockets listen all the time: what connects while no
/// process accepts waits.
final class Vassal implements VassalProcess.Events {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    // One that still starts after that keeps nobody else from starting.
    private static final Duration LONG_START = Duration.ofSeconds(10);

    private static final String UNUSABLE =
            "the new configuration can't be used, status %d: the old one is served until the file changes";

    /// Where it is in its life.
    enum State {
        /// A command is asked for its socket.
        NAMING,
        /// It starts when its pause is over, and few others start.
        WAITING,
        /// Its socket waits for the first connection.
        ON_DEMAND,
        /// It has a process.
        RUNNING,
        /// It has no process any more, and never will.
        REMOVED
    }

    private final Emperor emperor;
    private final EmperorSettings settings;
    private final Failures failures;
    private final VassalTimes times;
    private final long bornSeconds;
    private VassalFile file;
    private State state;
    private boolean removing;
    private long waitsUntilNanos;
    private boolean apart; // whether its file, as it is now, needs a process of its own
    private boolean named; // whether it is known if it has a socket on demand
    private @Nullable OnDemandSocket onDemand;
    private @Nullable VassalProcess current;
    private @Nullable VassalProcess next;
    private boolean serves;
    private long startedNanos;
    private KeptSockets sockets = KeptSockets.NONE; // for the next process

    Vassal(Emperor emperor, EmperorSettings settings, VassalFile file) {
        this.emperor = emperor;
        this.settings = settings;
        this.file = file;
        failures = new Failures(settings.throttle(), settings.maxThrottle());
        times = new VassalTimes();
        bornSeconds = file.modifiedSeconds();
        waitsUntilNanos = System.nanoTime();
        state = State.WAITING;
        named = settings.onDemand() == null;
    }

    // On a thread of its own.
    private void name(VassalFile of, OnDemand how) {
        try {
            Optional<String> address = OnDemandSocket.addressOf(of, how);

            emperor.post(() -> named(address));
        } catch (IOException e) {
            emperor.post(() -> unnamed(String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            emperor.post(() -> unnamed("interrupted"));
        }
    }

    private void named(Optional<String> address) {
        if (state != State.NAMING) {
            return;
        }
        state = State.WAITING;
        named = true;
        if (address.isPresent()) {
            try {
                onDemand = OnDemandSocket.bind(address.get(), file.directory());
            } catch (IOException e) {
                unnamed("%s: %s".formatted(address.get(), e.getMessage()));
                return;
            }
            say(Level.INFO, "waits for the first connection to " + address.get());
        }
        tick();
    }

    private void unnamed(String why) {
        if (state == State.NAMING || state == State.WAITING) {
            state = State.WAITING;
            named = false;
            say(Level.ERROR, "its socket can't be made: " + why);
            failed();
        }
    }

    VassalFile file() {
        return file;
    }

    State state() {
        return state;
    }

    boolean serves() {
        return serves;
    }

    Failures failures() {
        return failures;
    }

    VassalTimes times() {
        return times;
    }

    /// Its process's id, or -1.
    long pid() {
        return current == null ? -1 : current.pid();
    }

    /// When its file had been changed last, when it was found: in seconds since 1970.
    long bornSeconds() {
        return bornSeconds;
    }

    /// Since when it is asked to end, in seconds since 1970; 0 if it isn't.
    long endingSinceSeconds() {
        return current == null ? 0 : current.askedAt().getEpochSecond();
    }

    /// The address of its socket on demand, or an empty text.
    String onDemandAddress() {
        return onDemand == null ? "" : onDemand.address();
    }

    /// Whether it counts among those that start.
    boolean isStarting() {
        return state == State.RUNNING
                && !serves
                && !removing
                && System.nanoTime() - startedNanos < LONG_START.toNanos();
    }

    /// When there is something to do without an event, in nanoseconds from now; may be negative.
    long dueNanos() {
        long now = System.nanoTime();
        if (state == State.WAITING) {
            return waitsUntilNanos - now;
        }
        VassalProcess process = current;
        return process != null && process.isEnding()
                ? process.askedNanos() + settings.endLimit().toNanos() - now
                : Long.MAX_VALUE;
    }

    /// Does what is due.
    void tick() {
        long now = System.nanoTime();
        VassalProcess process = current;
        if (state == State.WAITING && now - waitsUntilNanos >= 0) {
            OnDemandSocket socket = onDemand;
            OnDemand how = settings.onDemand();
            if (!named && how != null) {
                state = State.NAMING;
                VassalFile of = file;
                Thread.ofVirtual().start(() -> name(of, how));
            } else if (socket != null) {
                state = State.ON_DEMAND;
                socket.onConnection(file.name(), () -> emperor.post(this::connected));
            } else if (emperor.mayStart()) {
                start();
            }
        } else if (process != null
                && process.isEnding()
                && now - process.askedNanos() >= settings.endLimit().toNanos()) {
            say(
                    Level.WARNING,
                    "hasn't ended within %d s and is killed (--emperor-curse-tolerance)"
                            .formatted(settings.endLimit().toSeconds()));
            process.kill();
        } else if (process != null && times.isSilentFor(settings.heartbeat())) {
            say(
                    Level.WARNING,
                    "has sent no heartbeat for %d s and is killed (--emperor-required-heartbeat)"
                            .formatted(settings.heartbeat().toSeconds()));
            times.forgetHeartbeat();
            process.kill();
        }
    }

    private void connected() {
        if (state == State.ON_DEMAND) {
            say(Level.INFO, "there is a connection, it is started");
            start();
        }
    }

    private void start() {
        state = State.RUNNING;
        serves = false;
        startedNanos = System.nanoTime();
        VassalProcess process = spawn(false);
        if (process != null) {
            times.started();
            say(Level.INFO, "is started, process " + process.pid());
        }
        run(process);
    }

    private void run(@Nullable VassalProcess process) {
        current = process;
        if (process == null) {
            state = State.WAITING;
            failed();
        } else {
            process.go(toGive());
        }
    }

    private @Nullable VassalProcess spawn(boolean again) {
        try {
            if (apart || settings.isolated()) {
                return VassalProcess.start(
                        file.name(), emperor.command().of(file, onDemand != null, again), this, emperor::post);
            }
            return VassalProcess.start(
                    emperor.shared().of(file),
                    emperor.command().start(file, onDemand != null, again),
                    this,
                    emperor::post);
        } catch (IOException e) {
            say(Level.ERROR, "can't be started: " + e.getMessage());
            return null;
        }
    }

    private KeptSockets toGive() {
        return onDemand == null ? sockets : sockets.after(onDemand.address(), onDemand.descriptor());
    }

    /// Its file has changed, or it is to be started again.
    void changed(VassalFile now) {
        file = now;
        apart = false;
        if (removing) {
            return;
        }
        failures.clear();
        switch (state) {
            case NAMING, REMOVED -> say(Level.DEBUG, "has changed meanwhile");
            case WAITING -> waitsUntilNanos = System.nanoTime();
            case ON_DEMAND -> say(Level.INFO, "has changed; it starts with the first connection, as before");
            case RUNNING -> replace();
        }
    }

    private void replace() {
        VassalProcess before = next;
        next = null;
        if (before != null) {
            before.kill();
        }
        VassalProcess process = spawn(true);
        if (process != null) {
            next = process;
            say(Level.INFO, "is reloaded, process " + process.pid());
            if (current == null) {
                nextIsCurrent();
            }
        }
    }

    /// Forgets that it has failed.
    void tryNow() {
        failures.clear();
        waitsUntilNanos = System.nanoTime();
    }

    /// Its file has gone, or the emperor ends.
    void remove() {
        if (removing) {
            return;
        }
        removing = true;
        VassalProcess process = current;
        if (process != null && process.isEnding()) {
            // It leaves the files of its sockets to the next one, which takes them over and is stopped then.
            say(Level.INFO, "is stopped when process " + process.pid() + " has ended");
            return;
        }
        VassalProcess before = next;
        next = null;
        if (before != null) {
            before.kill();
        }
        if (process == null) {
            removed();
        } else {
            stop(process);
        }
    }

    private void stop(VassalProcess process) {
        say(Level.INFO, "is stopped, process " + process.pid());
        closeSockets();
        process.end(Message.STOP, System.nanoTime());
    }

    @Override
    public void received(VassalProcess process, Message message, KeptSockets with) {
        boolean isCurrent = process.equals(current);
        switch (message) {
            case READY -> {
                if (process.equals(next)) {
                    leave();
                }
            }
            case SERVES -> {
                if (isCurrent && !removing) {
                    closeSockets();
                    sockets = with;
                    begunToServe();
                    return;
                }
            }
            case HEARTBEAT -> {
                if (isCurrent) {
                    times.heartbeat();
                }
            }
            case STOP, LEAVE, GO, UNKNOWN -> say(Level.DEBUG, "has sent what means nothing");
        }
        with.close();
    }

    // Its start hook, if any, has been run.
    @Override
    public void needsItsOwn(VassalProcess process, String why) {
        boolean isNext = process.equals(next);
        boolean isCurrent = process.equals(current);
        if (removing || !(isNext || isCurrent)) {
            ended(process, 0);
            return;
        }
        say(Level.INFO, "gets a process of its own, for " + why);
        apart = true;
        VassalProcess own = spawn(true);
        if (isNext) {
            next = own;
        } else {
            run(own);
        }
    }

    private void leave() {
        VassalProcess process = current;
        if (process != null) {
            process.end(Message.LEAVE, System.nanoTime());
            if (!serves) {
                process.kill(); // what never served has nothing to bring to an end
            }
        }
    }

    // It stays on the list of failures until it has served for a while (#died).
    private void begunToServe() {
        serves = true;
        times.served();
        say(Level.INFO, "serves, process " + pid());
        emperor.startOthers();
    }

    @Override
    public void ended(VassalProcess process, int status) {
        if (process.equals(next)) {
            next = null;
            boolean tooLate = current != null && current.isEnding();
            String what = tooLate ? "the next process has ended, status %d" : UNUSABLE;
            say(Level.ERROR, what.formatted(status));
            return;
        }
        if (!process.equals(current)) {
            return; // one that was killed for another
        }
        current = null;
        if (next != null) {
            nextIsCurrent();
        } else if (removing) {
            removed();
        } else {
            died(process, status);
        }
        emperor.startOthers();
    }

    // The one before has ended: by itself, perhaps, while the next one reads.
    private void nextIsCurrent() {
        VassalProcess process = next;
        next = null;
        current = process;
        serves = false;
        startedNanos = System.nanoTime();
        if (process != null) {
            times.restarted();
            process.go(toGive());
            if (removing) {
                stop(process);
            }
        }
    }

    private void died(VassalProcess process, int status) {
        emperor.runStopHook(this);
        state = State.WAITING;
        if (serves && failures.isLongEnough(times.servedFor())) {
            failures.clear();
        }
        serves = false;
        say(Level.ERROR, "process %d has ended with status %d".formatted(process.pid(), status));
        failed();
    }

    private void failed() {
        Duration pause = failures.add(Instant.now());
        waitsUntilNanos = System.nanoTime() + pause.toNanos();
        if (pause.isPositive()) {
            say(
                    Level.WARNING,
                    "is tried again in %d ms, or when its file changes (--emperor-throttle)"
                            .formatted(pause.toMillis()));
        }
    }

    private void removed() {
        if (state == State.RUNNING) {
            emperor.runStopHook(this);
        }
        state = State.REMOVED;
        serves = false;
        closeSockets();
        if (onDemand != null) {
            onDemand.close();
        }
        say(Level.INFO, "has gone");
        emperor.gone(this);
    }

    private void closeSockets() {
        sockets.close();
        sockets = KeptSockets.NONE;
    }

    private void say(Level level, String what) {
        LOG.log(level, () -> "emperor: %s %s".formatted(file.name(), what));
    }
}
