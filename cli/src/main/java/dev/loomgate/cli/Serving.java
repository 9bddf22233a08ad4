package dev.loomgate.cli;

import dev.loomgate.cli.application.LoadedApplication;
import dev.loomgate.cli.application.NoApplication;
import dev.loomgate.cli.arguments.Origins;
import dev.loomgate.cli.log.ServerLog;
import dev.loomgate.cli.process.ProcessSettings;
import dev.loomgate.cli.process.ServerProcess;
import dev.loomgate.cli.reload.ReloadTriggers;
import dev.loomgate.cli.reload.Reloading;
import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.loop.LoopGroup;
import dev.loomgate.loop.settings.Engine;
import dev.loomgate.python.PythonApplication;
import dev.loomgate.python.PythonStartException;
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
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
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
    private final CommandSpec command;
    private final Origins origins;
    private final ServerOptions options;
    private final ProcessSettings settings;
    private ReloadTriggers triggers = ReloadTriggers.NONE;

    /// @param origins which options a file has given
    Serving(ServerLog log, CommandSpec command, Origins origins, ServerOptions options, ProcessSettings settings) {
        this.log = log;
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
            try (ServerProcess process = ServerProcess.begin(settings, log::alsoTo)) {
                return run(application, addresses, signals, process);
            }
        } catch (ServerStartException e) {
            fail(json, e, line -> {});
            return CANNOT_START;
        }
    }

    /// Loads the application as a start does, and stops it: nothing listens, and no file of the server's is written.
    ///
    /// @return the exit status
    int tryToLoad(Source application) {
        Signals signals = Signals.install(log);
        signals.endWithin(options.stopTimeout().plus(STOP_GRACE));
        try (ServerProcess process = ServerProcess.begin(settings.ofATrial(), log::alsoTo);
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
            fail(options.accessLogFormat() == AccessLogFormat.JSON, e, line -> {});
        } catch (CompletionException e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            fail(
                    options.accessLogFormat() == AccessLogFormat.JSON,
                    new ServerStartException("the application can't start: " + reason, reason),
                    line -> {});
        }
        return CANNOT_START;
    }

    private int run(Source application, List<ListenAddress> addresses, Signals signals, ServerProcess process) {
        signals.reopenBy(() -> process.reopenLog("SIGUSR2"));
        Loading loading = new Loading(application, signals, () -> process.becomeUser(files(addresses)));
        try {
            Server server = server(loading, addresses);
            List<PythonApplication> python = loading.python;
            try (Reloading reloading = new Reloading(python, triggers, signals::stopFor)) {
                signals.reloadBy(() -> {
                    process.reloads();
                    reloading.reload("SIGHUP");
                });
                serve(server, signals, process, !python.isEmpty());
            }
            return 0;
        } catch (ServerStartException e) {
            fail(options.accessLogFormat() == AccessLogFormat.JSON, e, process::tell);
            return CANNOT_START;
        }
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
            located("--uid");
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

    private void serve(Server server, Signals signals, ServerProcess process, boolean withPython)
            throws ServerStartException {
        signals.dumpOf(server::dump);
        for (ListenAddress address : server.addresses()) {
            String takers = withPython ? takers(server, address) : "";
            LOG.log(Level.INFO, () -> announcement(address, server.engine()) + takers);
        }
        try {
            process.serving();
        } catch (ServerStartException e) {
            server.close();
            throw e;
        }
        CompilerPriority.lower();
        String signal = signals.awaitStop();
        String limit = BigDecimal.valueOf(options.stopTimeout().toMillis(), 3)
                        .stripTrailingZeros()
                        .toPlainString()
                + " s";
        LOG.log(Level.INFO, () -> "stopping on %s, within %s (--stop-timeout)".formatted(signal, limit));
        if (server.stop()) {
            LOG.log(Level.INFO, "stopped");
        } else {
            LOG.log(Level.WARNING, () -> "stopped: requests that still ran after %s were interrupted (--stop-timeout)"
                    .formatted(limit));
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
