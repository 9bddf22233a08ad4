package dev.loomgate.cli;

import dev.loomgate.cli.application.LoadedApplication;
import dev.loomgate.cli.application.NoApplication;
import dev.loomgate.cli.live.Health;
import dev.loomgate.cli.metrics.HealthPages;
import dev.loomgate.cli.metrics.MetricsServer;
import dev.loomgate.cli.metrics.MetricsSettings;
import dev.loomgate.cli.reload.Reloadable;
import dev.loomgate.cli.stats.StatsServer;
import dev.loomgate.cli.stats.StatsSettings;
import dev.loomgate.gateway.Application;
import dev.loomgate.python.PythonApplication;
import dev.loomgate.server.ApplicationSource;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerStartException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Loads the application when the addresses are bound, as the user that the server becomes. Used by the
/// thread that starts the server.
final class Loading implements ApplicationSource, AutoCloseable {
    /// Where the application comes from.
    @FunctionalInterface
    interface Source {
        LoadedApplication load() throws NoApplication;
    }

    /// What is to be done between the last thing that needs privileges and the first thing of the application's.
    @FunctionalInterface
    interface Drop {
        void drop() throws ServerStartException;
    }

    /// @param statistics what is to be seen of the server
    /// @param metrics what is to be read of it, and of its health
    /// @param health whether it is well
    /// @param counts whether workers count what they do, for who looks
    /// @param socketMode permission bits of unix sockets
    /// @param diesOnIdle whether the server stops when no Python application has had a request for some time
    /// @param script with which the server ends; empty for none
    record Settings(
            StatsSettings statistics,
            MetricsSettings metrics,
            Health health,
            boolean counts,
            int socketMode,
            boolean diesOnIdle,
            Optional<Path> script) {}

    private final Source source;
    private final Settings settings;
    private final Signals signals;
    private final StartFailures failures;
    private final Drop before;
    private Map<PythonApplication, String> programs = Map.of();
    private List<Reloadable> reloadable = List.of();
    private @Nullable ProgramEvents events;
    private StatsServer stats = StatsServer.none();
    private @Nullable MetricsServer metrics;

    Loading(Source source, Settings settings, Signals signals, StartFailures failures, Drop before) {
        this.source = source;
        this.settings = settings;
        this.signals = signals;
        this.failures = failures;
        this.before = before;
    }

    @Override
    public Provided provide() throws ServerStartException {
        // Its classes are loaded while this process can surely read them: the drop may fail because it can't.
        failures.located("--uid");
        before.drop();
        stats = StatsServer.bind(settings.statistics(), settings.socketMode());
        metrics = MetricsServer.start(settings.metrics(), settings.health(), settings.socketMode());
        LoadedApplication loaded;
        try {
            loaded = source.load();
        } catch (NoApplication e) {
            Throwable cause = e.getCause();
            String message = String.valueOf(e.getMessage());
            throw cause == null ? new ServerStartException(message) : new ServerStartException(message, cause);
        }
        programs = loaded.programs();
        events = new ProgramEvents(signals, programs.keySet(), settings.diesOnIdle(), settings.script());
        events.listen();
        if (settings.counts()) {
            programs.keySet().forEach(PythonApplication::countWork);
        }
        reloadable = loaded.reloadable();
        Application application = loaded.application();
        return new Provided(
                settings.metrics().health() ? new HealthPages(settings.health()).before(application) : application,
                loaded.hooks());
    }

    /// The server has been made.
    void serves(Server server) {
        if (events != null) {
            events.serves(server);
        }
    }

    /// The exit status of the script, if there was one and it has ended by itself; else 0.
    int status() {
        return events == null ? 0 : events.status();
    }

    /// Its Python applications, with the prefixes that they are mounted at; none before they are loaded.
    Map<PythonApplication, String> programs() {
        return programs;
    }

    /// Its Java applications that can be replaced; none before they are loaded.
    List<Reloadable> reloadable() {
        return reloadable;
    }

    /// Where statistics are asked for; bound before the application is loaded.
    StatsServer stats() {
        return stats;
    }

    /// Where metrics are asked for; bound before the application is loaded.
    MetricsServer metrics() {
        return Objects.requireNonNull(metrics, "the server has been started");
    }

    /// Whether the server is well.
    Health health() {
        return settings.health();
    }

    @Override
    public void close() {
        stats.close();
        if (metrics != null) {
            metrics.close();
        }
    }
}
