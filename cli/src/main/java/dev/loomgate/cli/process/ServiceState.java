package dev.loomgate.cli.process;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What a service manager is told of this server, by systemd's protocol; for units with `Type=notify`,
/// `Type=notify-reload`, or `WatchdogSec=`.
///
/// ```
///  starts     STATUS=starting
///  serves     READY=1, STATUS=serves ...           from then on WATCHDOG=1 twice in WATCHDOG_USEC
///  reloads    RELOADING=1, MONOTONIC_USEC=...      and then READY=1, STATUS=...
///  stops      STOPPING=1, STATUS=...
///  fails      STATUS=can't start: ...
/// ```
/// A message is one datagram, with an assignment a line. Without NOTIFY_SOCKET there is nobody to be told. What can't
/// be told is logged once, and changes nothing else. The processes that the server starts don't get the variables: they
/// could speak in its name.
///
/// Source: sd_notify(3), sd_watchdog_enabled(3). Any thread, but no loop's: a message waits for room in the manager's
/// queue.
public final class ServiceState implements AutoCloseable {
    /// What a service manager sets for the server alone.
    static final Set<String> VARIABLES = Set.of("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID");

    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    private final @Nullable String name;
    private final Duration watchdogTime;

    // All guarded by this.
    private @Nullable NotifySocket socket;
    private boolean isLost;
    private boolean isReady;
    private int reloads;
    private String what = "";
    private @Nullable ServiceWatchdog watchdog;

    private ServiceState(@Nullable String name, Duration watchdogTime) {
        this.name = name;
        this.watchdogTime = watchdogTime;
    }

    /// As the manager has asked for it.
    ///
    /// @param environment this process's
    public static ServiceState of(Map<String, String> environment) {
        String name = environment.getOrDefault("NOTIFY_SOCKET", "");
        return new ServiceState(name.isEmpty() ? null : name, watchdogTime(environment));
    }

    private static Duration watchdogTime(Map<String, String> environment) {
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        String pid = environment.getOrDefault("WATCHDOG_PID", "");
        boolean isForUs = pid.isEmpty()
                || pid.equals(Long.toString(ProcessHandle.current().pid()));
        return isForUs && micros.matches("[1-9][0-9]{0,14}")
                ? Duration.ofNanos(Long.parseLong(micros) * 1000)
                : Duration.ZERO;
    }

    /// The start has begun. As who starts the server, since another user may not be allowed to connect.
    public synchronized void starts() {
        tell("STATUS=starting");
    }

    /// It serves.
    ///
    /// @param now what, where, with how many workers
    /// @param nextTurn completes when each loop has turned once more; while it does, and there is no reason
    /// against it, the manager hears that the server works
    /// @param whyNotWorking a reason why it doesn't, though the loops turn; empty for none. May wait
    public synchronized void serves(
            String now, Supplier<? extends CompletionStage<Void>> nextTurn, Callable<Optional<String>> whyNotWorking) {
        what = now;
        isReady = true;
        tell("READY=1\nSTATUS=" + line("serves " + now));
        if (name != null && watchdogTime.isPositive()) {
            watchdog = ServiceWatchdog.start(watchdogTime, nextTurn, whyNotWorking, () -> tellNow("WATCHDOG=1"));
        }
    }

    /// A reload begins. Several may be under way.
    public synchronized void reloads() {
        if (reloads++ == 0 && isReady) {
            // HotSpot's nanoTime is CLOCK_MONOTONIC on Linux.
            tell("RELOADING=1\nMONOTONIC_USEC=%d\nSTATUS=reloading".formatted(System.nanoTime() / 1000));
        }
    }

    /// A reload has ended.
    ///
    /// @param succeeded whether what was loaded serves; otherwise what served before goes on
    public synchronized void hasReloaded(boolean succeeded) {
        if (--reloads == 0 && isReady) {
            tell("READY=1\nSTATUS=" + line((succeeded ? "serves " : "the last reload failed; serves ") + what));
        }
    }

    /// New connections wait, or not any more.
    public synchronized void suspends(boolean suspended) {
        tell("STATUS=" + line((suspended ? "suspended by SIGTSTP: " : "serves ") + what));
    }

    /// Clients are to go elsewhere, or may come again.
    public synchronized void drains(boolean drained) {
        tell("STATUS=" + line((drained ? "drains (ctl drain): " : "serves ") + what));
    }

    /// It stops.
    public synchronized void stops(String signal) {
        isReady = false;
        tell("STOPPING=1\nSTATUS=stopping on " + signal);
    }

    /// It can't start.
    public synchronized void fails(String message) {
        tell("STATUS=" + line("can't start: " + message));
    }

    private static String line(String text) {
        return text.replaceFirst("(?s)[\\r\\n].*", "");
    }

    private synchronized void tellNow(String message) {
        tell(message);
    }

    private void tell(String message) {
        if (name == null || isLost) {
            return;
        }
        try {
            connected(name).send(message);
        } catch (IOException e) {
            isLost = true;
            LOG.log(
                    Level.WARNING,
                    "the service manager can''t be told how the server is (NOTIFY_SOCKET={0}): {1}",
                    name,
                    e.getMessage());
        }
    }

    private NotifySocket connected(String to) throws IOException {
        NotifySocket open = socket;
        if (open == null) {
            open = NotifySocket.connect(to);
            socket = open;
        }
        return open;
    }

    @Override
    public void close() {
        @Nullable ServiceWatchdog running;
        synchronized (this) {
            running = watchdog;
            isLost = true;
        }
        if (running != null) {
            running.close();
        }
        synchronized (this) {
            if (socket != null) {
                try {
                    socket.close();
                } catch (IOException e) {
                    LOG.log(Level.DEBUG, "the manager''s socket: {0}", e.getMessage());
                }
                socket = null;
            }
        }
    }
}
