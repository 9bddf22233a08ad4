package dev.loomgate.cli;

import dev.loomgate.cli.application.LoadedApplication;
import dev.loomgate.cli.application.NoApplication;
import dev.loomgate.cli.arguments.Origins;
import dev.loomgate.cli.log.ServerLog;
import dev.loomgate.cli.process.ProcessSettings;
import dev.loomgate.cli.process.ServerProcess;
import dev.loomgate.cli.process.ServiceState;
import dev.loomgate.cli.reload.ReloadTriggers;
import dev.loomgate.cli.reload.Reloading;
import dev.loomgate.gateway.Application;
import dev.loomgate.python.PythonApplication;
import dev.loomgate.server.AccessLogFormat;
import dev.loomgate.server.ApplicationSource;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.ServerStartException;
import dev.loomgate.toolkit.debug.DebugPages;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/// One server from its start to its end.
final class Serving {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    // The server's own limits after --stop-timeout add up to less; this is for what is not the server's: a start that
    // hangs, shutdown hooks of the application's, a log that nobody reads.
    private static final Duration STOP_GRACE = Duration.ofSeconds(15);

    private static final String UNLIKE_UWSGI =
            "; uWSGI would reload, since die-on-term is not in its configuration: here SIGHUP does";

    /// Where the application comes from.
    @FunctionalInterface
    interface Source {
        LoadedApplication load() throws NoApplication;
    }

    private final ServerLog log;
    private final ServerOptions options;
    private final ProcessSettings settings;
    private final ServiceState service = ServiceState.of(System.getenv());
    private final StartFailures failures;
    private ReloadTriggers triggers = ReloadTriggers.NONE;
    private int workersEach;
    private boolean unlikeUwsgi;

    /// @param origins which options a file has given
    Serving(ServerLog log, CommandSpec command, Origins origins, ServerOptions options, ProcessSettings settings) {
        this.log = log;
        this.failures = new StartFailures(command, origins, service);
        this.options = options;
        this.settings = settings;
    }

    /// Python applications are loaded again when files change.
    Serving reloadOn(ReloadTriggers files) {
        triggers = files;
        return this;
    }

    /// How many workers a Python application has, at most.
    Serving workersEach(int count) {
        workersEach = count;
        return this;
    }

    /// Whether the same configuration would have uWSGI reload at SIGTERM.
    Serving stopsUnlikeUwsgi(boolean unlike) {
        unlikeUwsgi = unlike;
        return this;
    }

    /// Serves until a signal asks for the end.
    ///
    /// @return the exit status
    int run(Source application, List<ListenAddress> addresses) {
        boolean json = options.accessLogFormat() == AccessLogFormat.JSON;
        if (json) {
            log.useJson();
        }
        try {
            if (ServerProcess.isForBackground(settings)) {
                return ServerProcess.startInBackground(settings, System.err);
            }
            Signals signals = Signals.install(log);
            signals.endWithin(options.stopTimeout().plus(STOP_GRACE));
            service.starts();
            try (service) {
                return run(application, addresses, signals);
            }
        } catch (ServerStartException e) {
            return failures.report(json, e, line -> {});
        }
    }

    private int run(Source application, List<ListenAddress> addresses, Signals signals) {
        try (ServerProcess process = ServerProcess.begin(settings, log::alsoTo)) {
            return run(application, addresses, signals, process);
        } catch (ServerStartException e) {
            return failures.report(options.accessLogFormat() == AccessLogFormat.JSON, e, line -> {});
        }
    }

    private int run(Source application, List<ListenAddress> addresses, Signals signals, ServerProcess process) {
        signals.reopenBy(() -> process.reopenLog("SIGUSR2"));
        Loading loading = new Loading(application, signals, () -> process.becomeUser(files(addresses)));
        try {
            Server server = server(loading, addresses);
            List<PythonApplication> python = loading.python;
            try (Reloading reloading = new Reloading(python, triggers, reloads())) {
                signals.reloadBy(() -> {
                    process.reloads();
                    reloading.reload("SIGHUP");
                });
                serve(new Announcement(server, options, python.size(), workersEach), signals, process);
            }
            return 0;
        } catch (ServerStartException e) {
            return failures.report(options.accessLogFormat() == AccessLogFormat.JSON, e, process::tell);
        }
    }

    private Reloading.Listener reloads() {
        return new Reloading.Listener() {
            @Override
            public void begins() {
                service.reloads();
            }

            @Override
            public void ended(boolean succeeded) {
                service.hasReloaded(succeeded);
            }
        };
    }

    /// What is to be done between the last thing that needs privileges and the first thing of the application's.
    @FunctionalInterface
    private interface Drop {
        void drop() throws ServerStartException;
    }

    /// Loads the application when the addresses are bound.
    private final class Loading implements ApplicationSource {
        private final Source source;
        private final Signals signals;
        private final Drop before;
        private List<PythonApplication> python = List.of();

        Loading(Source source, Signals signals, Drop before) {
            this.source = source;
            this.signals = signals;
            this.before = before;
        }

        @Override
        public Provided provide() throws ServerStartException {
            // Its classes are loaded while this process can surely read them: the drop may fail because it can't.
            failures.located("--uid");
            before.drop();
            LoadedApplication loaded;
            try {
                loaded = source.load();
            } catch (NoApplication e) {
                Throwable cause = e.getCause();
                String message = String.valueOf(e.getMessage());
                throw cause == null ? new ServerStartException(message) : new ServerStartException(message, cause);
            }
            python = loaded.python();
            python.forEach(each -> each.onSignal(signals::passedOn));
            Application application =
                    options.development() ? DebugPages.of().wrap(loaded.application()) : loaded.application();
            return new Provided(application, loaded.hooks());
        }
    }

    private Server server(ApplicationSource source, List<ListenAddress> addresses) throws ServerStartException {
        Server.Builder builder = Server.builderFrom(source).options(options);
        addresses.forEach(builder::listen);
        return builder.start();
    }

    private static List<Path> files(List<ListenAddress> addresses) {
        return addresses.stream()
                .map(ListenAddress::place)
                .flatMap(place -> place instanceof Place.UnixPath unix ? Stream.of(unix.path()) : Stream.empty())
                .toList();
    }

    private void serve(Announcement announcement, Signals signals, ServerProcess process) throws ServerStartException {
        Server server = announcement.server();
        signals.dumpOf(server::dump);
        server.addresses().forEach(address -> LOG.log(Level.INFO, () -> announcement.line(address)));
        try {
            process.serving();
        } catch (ServerStartException e) {
            server.close();
            throw e;
        }
        service.serves(announcement.summary(), server::nextTurn);
        signals.suspendBy(suspending(server));
        CompilerPriority.lower();
        Signals.Stop stop = signals.awaitStop();
        service.stops(stop.signal());
        if (stop.atOnce()) {
            LOG.log(Level.INFO, () -> "stopping on %s, at once".formatted(stop.signal()));
            server.close();
            LOG.log(Level.INFO, "stopped");
            return;
        }
        String limit = BigDecimal.valueOf(options.stopTimeout().toMillis(), 3)
                        .stripTrailingZeros()
                        .toPlainString()
                + " s";
        LOG.log(Level.INFO, () -> "stopping on %s, within %s (--stop-timeout)%s"
                .formatted(stop.signal(), limit, isUnlikeUwsgi(stop) ? UNLIKE_UWSGI : ""));
        if (server.stop()) {
            LOG.log(Level.INFO, "stopped");
        } else {
            LOG.log(Level.WARNING, () -> "stopped: requests that still ran after %s were interrupted (--stop-timeout)"
                    .formatted(limit));
        }
    }

    private boolean isUnlikeUwsgi(Signals.Stop stop) {
        return unlikeUwsgi && stop.signal().equals("SIGTERM");
    }

    private Runnable suspending(Server server) {
        AtomicBoolean suspended = new AtomicBoolean();
        return () -> {
            boolean now = !suspended.getPlain();
            suspended.setPlain(now);
            server.suspend(now);
            service.suspends(now);
            LOG.log(
                    Level.INFO,
                    now ? "SIGTSTP: new connections wait until the next one" : "SIGTSTP: connections are served again");
        };
    }
}
