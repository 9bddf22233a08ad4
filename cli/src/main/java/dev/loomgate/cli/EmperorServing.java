package dev.loomgate.cli;

import dev.loomgate.cli.emperor.Emperor;
import dev.loomgate.cli.emperor.EmperorLink;
import dev.loomgate.cli.emperor.EmperorSettings;
import dev.loomgate.cli.log.ServerLog;
import dev.loomgate.cli.loggers.Loggers;
import dev.loomgate.cli.process.Identity;
import dev.loomgate.cli.process.OwnCommand;
import dev.loomgate.cli.process.ProcessSettings;
import dev.loomgate.cli.process.ServerProcess;
import dev.loomgate.cli.process.ServiceState;
import dev.loomgate.server.ServerStartException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One emperor from its start to its end, as [Serving] is for a server.
final class EmperorServing {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    // Vassals and stop hooks have their limit; this is for what is neither.
    private static final Duration STOP_GRACE = Duration.ofSeconds(15);

    private final ServerLog log;
    private final Loggers loggers;
    private final EmperorSettings settings;
    private final ServiceState service = ServiceState.of(System.getenv());
    private final ProcessSettings process;

    /// @param loggers not open yet
    EmperorServing(ServerLog log, Loggers loggers, EmperorSettings settings, ProcessSettings process) {
        this.log = log;
        this.loggers = loggers;
        this.settings = settings;
        this.process = process;
    }

    /// Has vassals until a signal asks for the end.
    ///
    /// @param above the emperor whose vassal this one is; or null
    /// @return the exit status
    /// @throws ServerStartException with a line for the operator
    int run(@Nullable EmperorLink above) throws ServerStartException {
        if (above == null && ServerProcess.isForBackground(process)) {
            return ServerProcess.startInBackground(process, System.err);
        }
        OwnCommand program = program();
        if (above != null) {
            above.awaitTurn();
        }
        Signals signals = Signals.install(log);
        signals.endWithin(settings.endLimit().multipliedBy(2).plus(STOP_GRACE));
        if (above != null) {
            above.onEnd(end -> signals.stopBecause(end.words()));
        }
        service.starts();
        try (service;
                ServerProcess running = ServerProcess.begin(process, new ProcessLogs(log, loggers))) {
            try {
                run(signals, running, program, above);
            } catch (ServerStartException e) {
                running.tell("loomgate: " + e.getMessage());
                service.fails(String.valueOf(e.getMessage()));
                throw e;
            }
        }
        return 0;
    }

    private void run(Signals signals, ServerProcess running, OwnCommand program, @Nullable EmperorLink above)
            throws ServerStartException {
        signals.reopenBy(() -> running.reopenLog("SIGUSR2"));
        running.becomeUser(List.of(), List.of());
        if (settings.tyrant() != null && !Identity.isRoot()) {
            throw new ServerStartException("--emperor-tyrant: only root can run vassals as other users");
        }
        try (Emperor emperor =
                Emperor.start(settings, program, Version.number(), Path.of("").toAbsolutePath())) {
            signals.dumpOf("vassals", emperor::status);
            signals.urgentBy(emperor::forgetFailures);
            signals.reloadBy(() -> {
                running.reloads();
                LOG.log(Level.INFO, "SIGHUP: all vassals are reloaded");
                emperor.reload();
            });
            running.serving();
            if (above != null) {
                above.serves(List.of(), List.of(), Duration.ZERO);
            }
            service.serves("an emperor", () -> CompletableFuture.completedFuture(null), Optional::empty);
            Signals.Stop stop = signals.awaitStop();
            service.stops(stop.why());
            LOG.log(Level.INFO, () -> "emperor: stopping on " + stop.why());
        }
        LOG.log(Level.INFO, "emperor: stopped");
    }

    private static OwnCommand program() throws ServerStartException {
        try {
            return OwnCommand.of(Main.class.getName());
        } catch (IOException e) {
            throw new ServerStartException("can't tell how this program was started: " + e.getMessage(), e);
        }
    }
}
