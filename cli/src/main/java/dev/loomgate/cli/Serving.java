package dev.loomgate.cli;

import dev.loomgate.cli.application.LoadedApplication;
import dev.loomgate.cli.application.NoApplication;
import dev.loomgate.cli.arguments.Origins;
import dev.loomgate.cli.cron.CronJobs;
import dev.loomgate.cli.daemons.AttachedDaemons;
import dev.loomgate.cli.daemons.Daemons;
import dev.loomgate.cli.log.ServerLog;
import dev.loomgate.cli.loggers.Loggers;
import dev.loomgate.cli.process.MasterFifo;
import dev.loomgate.cli.process.ProcessSettings;
import dev.loomgate.cli.process.ServerProcess;
import dev.loomgate.cli.reload.ReloadTriggers;
import dev.loomgate.cli.reload.Reloading;
import dev.loomgate.cli.stats.Observed;
import dev.loomgate.cli.stats.StatsServer;
import dev.loomgate.cli.stats.StatsSettings;
import dev.loomgate.gateway.Application;
import dev.loomgate.loop.settings.Engine;
import dev.loomgate.python.PythonApplication;
import dev.loomgate.python.PythonStartException;
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
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// One server from its start to its end.
final class Serving {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    static final int CANNOT_START = 1;

    // The server's own limits after --stop-timeout add up to less; this is for what is not the server's: a start that
    // hangs, shutdown hooks of the application's, a log that nobody reads.
    private static final Duration STOP_GRACE = Duration.ofSeconds(15);

    /// Where the application comes from.
    @FunctionalInterface
    interface Source {
        LoadedApplication load() throws NoApplication;
    }

    private final ServerLog log;
    private final Loggers loggers;
    private final CommandSpec command;
    private final Origins origins;
    private final ServerOptions options;
    private final ProcessSettings settings;
    private ReloadTriggers triggers = ReloadTriggers.NONE;
    private StatsSettings statistics = StatsSettings.NONE;
    private List<Path> fifos = List.of();
    /// Whether the stop that is asked for waits for no request.
    private volatile boolean atOnce;
    private Supplier<CronJobs> cron = () -> CronJobs.start(List.of(), Duration.ZERO, Path.of(""));
    private AttachedDaemons daemons = AttachedDaemons.NONE;

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
        this.command = command;
        this.origins = origins;
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

    /// Serves until a signal asks for the end.
    ///
    /// @return the exit status
    int run(Source application, List<ListenAddress> addresses) {
        boolean json = options.accessLogFormat().isJson();
        if (json) {
            log.useJson();
        }
        try {
            if (ServerProcess.isForBackground(settings)) {
                return ServerProcess.startInBackground(settings, System.err);
            }
            Signals signals = Signals.install(log);
            signals.endWithin(options.stopTimeout().plus(daemons.longestEnd()).plus(STOP_GRACE));
            try (ServerProcess process = ServerProcess.begin(settings, new ProcessLogs(log, loggers))) {
                return run(application, addresses, signals, process);
            }
        } catch (ServerStartException e) {
            fail(json, e, line -> {});
            return CANNOT_START;
        }
    }

    private int run(Source application, List<ListenAddress> addresses, Signals signals, ServerProcess process) {
        signals.reopenBy(() -> process.reopenLog("SIGUSR2"));
        try (Loading loading = new Loading(application, signals, () -> process.becomeUser(files(addresses)))) {
            Server server = server(loading, addresses);
            Observed observed = new Observed(server, loading.programs);
            try (Reloading reloading = new Reloading(List.copyOf(loading.programs.keySet()), triggers)) {
                signals.reloadBy(() -> {
                    process.reloads();
                    reloading.reload("SIGHUP");
                });
                FifoCommands commands = new FifoCommands(observed, process, reloading, now -> stop(signals, now));
                serve(observed, signals, process, reloading, loading.stats, commands);
            }
            return 0;
        } catch (ServerStartException e) {
            fail(options.accessLogFormat().isJson(), e, process::tell);
            return CANNOT_START;
        }
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
        private StatsServer stats = StatsServer.none();

        Loading(Source source, Signals signals, Drop before) {
            this.source = source;
            this.signals = signals;
            this.before = before;
        }

        @Override
        public Provided provide() throws ServerStartException {
            // Its classes are loaded while this process can surely read them: the drop may fail because it can't.
            located("--uid");
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
            for (PythonApplication each : programs.keySet()) {
                each.onSignal(signals::passedOn);
                if (statistics.isWanted()) {
                    each.countWork();
                }
            }
            Application application =
                    options.development() ? DebugPages.of().wrap(loaded.application()) : loaded.application();
            return new Provided(application, loaded.hooks());
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

    private void stop(Signals signals, boolean now) {
        atOnce = now;
        signals.stop((now ? "Q" : "q") + " in the master FIFO");
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
        boolean withPython = !observed.programs().isEmpty();
        signals.dumpOf(server::dump);
        for (ListenAddress address : server.addresses()) {
            String takers = withPython ? takers(server, address) : "";
            LOG.log(Level.INFO, () -> announcement(address, server.engine()) + takers);
        }
        try (Daemons beside = Daemons.of(daemons, signals::stopBecause)) {
            process.serving();
            stats.serve(observed, Version.number(), settings.directory());
            beside.start();
            reloading.alsoReload(beside::reload);
            CompilerPriority.lower();
            stop(server, awaitStop(signals, commands));
        } catch (ServerStartException e) {
            server.close();
            throw e;
        }
    }

    private void stop(Server server, String signal) {
        Duration most = atOnce ? Duration.ZERO : options.stopTimeout();
        String limit =
                BigDecimal.valueOf(most.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
        LOG.log(Level.INFO, () -> "stopping on %s, within %s (--stop-timeout)".formatted(signal, limit));
        if (server.stop(most)) {
            LOG.log(Level.INFO, "stopped");
        } else {
            LOG.log(Level.WARNING, () -> "stopped: requests that still ran after %s were interrupted (--stop-timeout)"
                    .formatted(limit));
        }
    }

    // Its pipes are there as long as the server takes commands.
    private String awaitStop(Signals signals, FifoCommands commands) throws ServerStartException {
        if (fifos.isEmpty()) {
            return awaitStop(signals);
        }
        try (MasterFifo fifo = MasterFifo.open(fifos, commands::run)) {
            LOG.log(Level.DEBUG, "commands are taken: {0}", fifo);
            return awaitStop(signals);
        }
    }

    private String awaitStop(Signals signals) {
        CronJobs running = cron.get();
        try {
            return signals.awaitStop();
        } finally {
            running.close();
        }
    }

    /// `loomgate 0.1.0 (JDK 25.0.3): http://127.0.0.1:8000, 2 loops, engine loop, transport epoll`.
    private String announcement(ListenAddress address, Engine engine) {
        return "%s: %s://%s, %d %s, engine %s, transport %s"
                        .formatted(
                                Version.line(),
                                lowerCase(address.protocol()),
                                address,
                                options.loops(),
                                options.loops() == 1 ? "loop" : "loops",
                                lowerCase(engine),
                                lowerCase(options.transport()))
                + peers(address);
    }

    /// Who may connect to an address at which not everybody may.
    private String peers(ListenAddress address) {
        boolean isOpen = address.protocol() == ListenAddress.Protocol.UWSGI
                && address.place() instanceof ListenAddress.Place.Tcp
                && address.socketAddress() instanceof InetSocketAddress socket
                && !socket.getAddress().isLoopbackAddress();
        return isOpen
                ? "; from other machines, only %s may connect (--allow-from)"
                        .formatted(String.join(", ", options.allowFrom()))
                : "";
    }

    /// Who takes the connections of an address at which workers may do so.
    private static String takers(Server server, ListenAddress address) {
        if (address.protocol() != ListenAddress.Protocol.UWSGI) {
            return "";
        }
        return server.whyNotDirect(address)
                .map("; the JVM takes its connections: %s (--direct)"::formatted)
                .orElse("; workers take its connections (--direct)");
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /// @param terminal gets the line as well, where it is no log's
    private void fail(boolean json, Exception e, Consumer<String> terminal) {
        Throwable cause = e.getCause();
        // What Python says has its own traceback, and no stack of Java's tells more.
        boolean ofPython = cause instanceof PythonStartException;
        String message =
                String.valueOf(cause instanceof PythonStartException python ? python.getMessage() : e.getMessage());
        message = located(message);
        // What the application's own code threw is quoted with its class; its author needs to see where. What the
        // system said about an address is told by the message.
        boolean ofApplication = cause != null && !ofPython && message.endsWith(cause.toString());
        if (json || ofApplication) {
            LOG.log(Level.ERROR, message, ofApplication ? cause : null);
        } else {
            command.commandLine().getErr().println("loomgate: " + message);
            terminal.accept("loomgate: " + message);
        }
    }

    /// A message with the names of options as they were given, and where.
    private String located(String message) {
        ParseResult parsed = command.commandLine().getParseResult();
        return parsed == null
                ? message
                : TypedNames.of(command, origins, parsed.originalArgs().toArray(String[]::new))
                        .located(message);
    }
}
