package dev.loomgate.cli;

import dev.loomgate.cli.application.LoadedApplication;
import dev.loomgate.cli.application.NoApplication;
import dev.loomgate.cli.arguments.Origins;
import dev.loomgate.cli.cron.CronJobs;
import dev.loomgate.cli.daemons.AttachedDaemons;
import dev.loomgate.cli.daemons.Daemons;
import dev.loomgate.cli.emperor.EmperorLink;
import dev.loomgate.cli.log.ServerLog;
import dev.loomgate.cli.loggers.Loggers;
import dev.loomgate.cli.process.MasterFifo;
import dev.loomgate.cli.process.ProcessSettings;
import dev.loomgate.cli.process.ServerProcess;
import dev.loomgate.cli.process.ServiceState;
import dev.loomgate.cli.reload.ReloadTriggers;
import dev.loomgate.cli.reload.Reloading;
import dev.loomgate.cli.stats.Observed;
import dev.loomgate.cli.stats.StatsServer;
import dev.loomgate.cli.stats.StatsSettings;
import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.loop.LoopGroup;
import dev.loomgate.python.PythonApplication;
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
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
    private final Loggers loggers;
    private final ServerOptions options;
    private final ProcessSettings settings;
    private final ServiceState service = ServiceState.of(System.getenv());
    private final StartFailures failures;
    private ReloadTriggers triggers = ReloadTriggers.NONE;
    private StatsSettings statistics = StatsSettings.NONE;
    private List<Path> fifos = List.of();
    private Supplier<CronJobs> cron = () -> CronJobs.start(List.of(), Duration.ZERO, Path.of(""));
    private AttachedDaemons daemons = AttachedDaemons.NONE;
    private int workersEach;
    private boolean unlikeUwsgi;
    private boolean diesOnIdle;
    private @Nullable VassalRole vassal;

    /// @param loggers not open yet
    /// @param origins which options a file has given
    Serving(
            ServerLog log,
            Loggers loggers,
            CommandSpec command,
            Origins origins,
            ServerOptions options,
            ProcessSettings settings) {
        this.log = log;
        this.loggers = loggers;
        this.failures = new StartFailures(command, origins, service);
        this.options = options;
        this.settings = settings;
    }

    /// Python applications are loaded again when files change.
    Serving reloadOn(ReloadTriggers files) {
        triggers = files;
        return this;
    }

    /// What is to be seen of it, and where it takes commands.
    ///
    /// @param pipes of the master FIFO; none for none
    Serving observed(StatsSettings wanted, List<Path> pipes) {
        statistics = wanted;
        fifos = List.copyOf(pipes);
        return this;
    }

    /// Commands are run by the clock while it serves.
    Serving withCronJobs(Supplier<CronJobs> commands) {
        cron = commands;
        return this;
    }

    /// Commands run beside the server.
    Serving beside(AttachedDaemons commands) {
        daemons = commands;
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

    /// Whether it stops when no Python application has had a request for some time.
    Serving diesOnIdle(boolean dies) {
        diesOnIdle = dies;
        return this;
    }

    /// It is a vassal: its emperor tells it when to start, and when to end.
    ///
    /// @param others what is spoken on a socket that the emperor has made
    void asVassalOf(EmperorLink emperor, ListenAddress.Protocol others, Duration heartbeat) {
        vassal = new VassalRole(emperor, others, heartbeat);
    }

    /// Serves until a signal asks for the end.
    ///
    /// @return the exit status
    int run(Source application, List<ListenAddress> wanted) {
        boolean json = options.accessLogFormat().isJson();
        if (json) {
            log.useJson();
        }
        try {
            VassalRole role = vassal;
            if (role == null && ServerProcess.isForBackground(settings)) {
                return ServerProcess.startInBackground(settings, System.err);
            }
            List<ListenAddress> addresses = role == null ? wanted : role.begin(wanted, options.transport());
            Signals signals = Signals.install(log);
            signals.endWithin(options.stopTimeout().plus(daemons.longestEnd()).plus(STOP_GRACE));
            if (role != null) {
                role.emperor().onEnd(end -> signals.stopBecause(end.words()));
            }
            service.starts();
            try (service) {
                return run(application, addresses, signals);
            }
        } catch (ServerStartException e) {
            return failures.report(json, e, line -> {});
        }
    }

    private int run(Source application, List<ListenAddress> addresses, Signals signals) {
        try (ServerProcess process = ServerProcess.begin(settings, new ProcessLogs(log, loggers))) {
            return run(application, addresses, signals, process);
        } catch (ServerStartException e) {
            return failures.report(options.accessLogFormat().isJson(), e, line -> {});
        }
    }

    /// Loads the application as a start does, and stops it: nothing listens, and no file of the server's is written.
    ///
    /// @return the exit status
    int tryToLoad(Source application) {
        Signals signals = Signals.install(log);
        signals.endWithin(options.stopTimeout().plus(STOP_GRACE));
        try (ServerProcess process = ServerProcess.begin(settings.ofATrial(), new ProcessLogs(log, loggers));
                LoopGroup loops =
                        LoopGroup.builder().loops(1).engine(options.engine()).start()) {
            ApplicationSource.Provided provided =
                    new Loading(application, signals, () -> process.becomeUser(List.of())).provide();
            Lifecycle hooks = Lifecycle.all(Stream.concat(provided.hooks().stream(), Stream.of(provided.application()))
                    .toList());
            loops.next()
                    .createTask(() -> {
                        hooks.start();
                        hooks.stop();
                        return hooks;
                    })
                    .join();
            LOG.log(Level.INFO, "the application can be loaded, and no server is asked for (--no-server)");
            return 0;
        } catch (ServerStartException e) {
            return failures.report(options.accessLogFormat().isJson(), e, line -> {});
        } catch (CompletionException e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            return failures.report(
                    options.accessLogFormat().isJson(),
                    new ServerStartException("the application can't start: " + reason, reason),
                    line -> {});
        }
    }

    private int run(Source application, List<ListenAddress> addresses, Signals signals, ServerProcess process) {
        signals.reopenBy(() -> process.reopenLog("SIGUSR2"));
        try (Loading loading = new Loading(application, signals, () -> process.becomeUser(files(addresses)))) {
            Server server = server(loading, addresses);
            loading.serves(server);
            Observed observed = new Observed(server, loading.programs);
            List<PythonApplication> programs = List.copyOf(loading.programs.keySet());
            try (Reloading reloading = new Reloading(programs, triggers, reloads(), signals::stopBecause)) {
                signals.reloadBy(() -> {
                    process.reloads();
                    reloading.reload("SIGHUP");
                });
                Consumer<String> suspends = suspending(server);
                signals.suspendBy(() -> suspends.accept("SIGTSTP"));
                FifoCommands commands = new FifoCommands(observed, process, reloading, suspends, signals::stop);
                serve(observed, signals, process, reloading, loading.stats, commands);
            }
            if (vassal != null) {
                vassal.stopped(addresses);
            }
            return 0;
        } catch (ServerStartException e) {
            return failures.report(options.accessLogFormat().isJson(), e, process::tell);
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
    private final class Loading implements ApplicationSource, AutoCloseable {
        private final Source source;
        private final Signals signals;
        private final Drop before;
        private Map<PythonApplication, String> programs = Map.of();
        private @Nullable ProgramEvents events;
        private StatsServer stats = StatsServer.none();

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
            stats = StatsServer.bind(statistics, options.socketMode());
            LoadedApplication loaded;
            try {
                loaded = source.load();
            } catch (NoApplication e) {
                Throwable cause = e.getCause();
                String message = String.valueOf(e.getMessage());
                throw cause == null ? new ServerStartException(message) : new ServerStartException(message, cause);
            }
            programs = loaded.programs();
            events = new ProgramEvents(signals, programs.keySet(), diesOnIdle);
            events.listen();
            if (statistics.isWanted()) {
                programs.keySet().forEach(PythonApplication::countWork);
            }
            Application application =
                    options.development() ? DebugPages.of().wrap(loaded.application()) : loaded.application();
            return new Provided(application, loaded.hooks());
        }

        /// The server has been made.
        void serves(Server server) {
            if (events != null) {
                events.serves(server);
            }
        }

        @Override
        public void close() {
            stats.close();
        }
    }

    private Server server(ApplicationSource source, List<ListenAddress> addresses) throws ServerStartException {
        Server.Builder builder = Server.builderFrom(source).options(options);
        addresses.forEach(builder::listen);
        if (statistics.isWanted()) {
            builder.countRequests();
        }
        return builder.start();
    }

    private static List<Path> files(List<ListenAddress> addresses) {
        return addresses.stream()
                .map(ListenAddress::place)
                .flatMap(place -> place instanceof Place.UnixPath unix ? Stream.of(unix.path()) : Stream.empty())
                .toList();
    }

    private void serve(
            Observed observed,
            Signals signals,
            ServerProcess process,
            Reloading reloading,
            StatsServer stats,
            FifoCommands commands)
            throws ServerStartException {
        Server server = observed.server();
        Announcement announcement =
                new Announcement(server, options, observed.programs().size(), workersEach);
        signals.dumpOf(server::dump);
        server.addresses().forEach(address -> LOG.log(Level.INFO, () -> announcement.line(address)));
        try (Daemons beside = Daemons.of(daemons, signals::stopBecause)) {
            process.serving();
            stats.serve(observed, Version.number(), settings.directory());
            beside.start();
            reloading.alsoReload(beside::reload);
            if (vassal != null) {
                vassal.serves(server);
            }
            service.serves(announcement.summary(), server::nextTurn);
            CompilerPriority.lower();
            Signals.Stop stop = awaitStop(signals, commands);
            service.stops(stop.why());
            if (vassal != null) {
                vassal.stops(server);
            }
            stop(server, stop);
        } catch (ServerStartException e) {
            server.close();
            throw e;
        }
    }

    // Its pipes are there as long as the server takes commands.
    private Signals.Stop awaitStop(Signals signals, FifoCommands commands) throws ServerStartException {
        if (fifos.isEmpty()) {
            return awaitStop(signals);
        }
        try (MasterFifo fifo = MasterFifo.open(fifos, commands::run)) {
            LOG.log(Level.DEBUG, "commands are taken: {0}", fifo);
            return awaitStop(signals);
        }
    }

    private Signals.Stop awaitStop(Signals signals) {
        CronJobs running = cron.get();
        try {
            return signals.awaitStop();
        } finally {
            running.close();
        }
    }

    private void stop(Server server, Signals.Stop stop) {
        if (stop.atOnce()) {
            LOG.log(Level.INFO, () -> "stopping on %s, at once".formatted(stop.why()));
            server.close();
            LOG.log(Level.INFO, "stopped");
            return;
        }
        String limit = BigDecimal.valueOf(options.stopTimeout().toMillis(), 3)
                        .stripTrailingZeros()
                        .toPlainString()
                + " s";
        LOG.log(Level.INFO, () -> "stopping on %s, within %s (--stop-timeout)%s"
                .formatted(stop.why(), limit, isUnlikeUwsgi(stop) ? UNLIKE_UWSGI : ""));
        if (server.stop()) {
            LOG.log(Level.INFO, "stopped");
        } else {
            LOG.log(Level.WARNING, () -> "stopped: requests that still ran after %s were interrupted (--stop-timeout)"
                    .formatted(limit));
        }
    }

    private boolean isUnlikeUwsgi(Signals.Stop stop) {
        return unlikeUwsgi && stop.why().equals("SIGTERM");
    }

    /// Accepts no connections, or accepts them again; for why.
    private Consumer<String> suspending(Server server) {
        AtomicBoolean suspended = new AtomicBoolean();
        return why -> {
            boolean now = !suspended.getPlain();
            suspended.setPlain(now);
            server.suspend(now);
            service.suspends(now);
            LOG.log(
                    Level.INFO,
                    now ? "{0}: new connections wait until the next one" : "{0}: connections are served again",
                    why);
        };
    }
}
