package dev.loomgate.cli;

import dev.loomgate.cli.application.LoadedApplication;
import dev.loomgate.cli.application.NoApplication;
import dev.loomgate.cli.log.ServerLog;
import dev.loomgate.cli.reload.ReloadTriggers;
import dev.loomgate.cli.reload.Reloading;
import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.loop.settings.Engine;
import dev.loomgate.python.PythonStartException;
import dev.loomgate.server.AccessLogFormat;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.ServerStartException;
import dev.loomgate.toolkit.debug.DebugPages;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// One server from its start to its end.
final class Serving {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    private static final int CANNOT_START = 1;

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
    private final ServerOptions options;
    private ReloadTriggers triggers = ReloadTriggers.NONE;

    Serving(ServerLog log, CommandSpec command, ServerOptions options) {
        this.log = log;
        this.command = command;
        this.options = options;
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
        Signals signals = Signals.install(log);
        signals.endWithin(options.stopTimeout().plus(STOP_GRACE));
        try {
            LoadedApplication loaded = application.load();
            loaded.python().forEach(python -> python.onSignal(signals::passedOn));
            Server server = server(loaded, addresses);
            try (Reloading reloading = new Reloading(loaded.python(), triggers)) {
                signals.reloadBy(() -> reloading.reload("SIGHUP"));
                serve(server, signals, !loaded.python().isEmpty());
            }
            return 0;
        } catch (NoApplication | ServerStartException e) {
            fail(json, e);
            return CANNOT_START;
        }
    }

    private Server server(LoadedApplication loaded, List<ListenAddress> addresses) throws ServerStartException {
        Application application =
                options.development() ? DebugPages.of().wrap(loaded.application()) : loaded.application();
        Server.Builder builder = Server.builder(application).options(options);
        for (Lifecycle hooks : loaded.hooks()) {
            builder.lifecycle(hooks);
        }
        addresses.forEach(builder::listen);
        return builder.start();
    }

    private void serve(Server server, Signals signals, boolean withPython) {
        signals.dumpOf(server::dump);
        for (ListenAddress address : server.addresses()) {
            String takers = withPython ? takers(server, address) : "";
            LOG.log(Level.INFO, () -> announcement(address, server.engine()) + takers);
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
                        lowerCase(options.transport()));
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

    private void fail(boolean json, Exception e) {
        Throwable cause = e.getCause();
        // What Python says has its own traceback, and no stack of Java's tells more.
        boolean ofPython = cause instanceof PythonStartException;
        String message =
                String.valueOf(cause instanceof PythonStartException python ? python.getMessage() : e.getMessage());
        ParseResult parsed = command.commandLine().getParseResult();
        if (parsed != null) {
            message = TypedNames.of(command, parsed.originalArgs().toArray(String[]::new))
                    .in(message);
        }
        // What the application's own code threw is quoted with its class; its author needs to see where. What the
        // system said about an address is told by the message.
        boolean ofApplication = cause != null && !ofPython && message.endsWith(cause.toString());
        if (json || ofApplication) {
            LOG.log(Level.ERROR, message, ofApplication ? cause : null);
        } else {
            command.commandLine().getErr().println("loomgate: " + message);
        }
    }
}
