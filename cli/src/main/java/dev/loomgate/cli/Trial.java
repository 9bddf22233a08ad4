package dev.loomgate.cli;

import dev.loomgate.cli.live.Health;
import dev.loomgate.cli.log.ServerLog;
import dev.loomgate.cli.loggers.Loggers;
import dev.loomgate.cli.metrics.MetricsSettings;
import dev.loomgate.cli.process.ProcessSettings;
import dev.loomgate.cli.process.ServerProcess;
import dev.loomgate.cli.stats.StatsSettings;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.loop.LoopGroup;
import dev.loomgate.server.ApplicationSource;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.ServerStartException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/// Loads an application as a start does, and stops it: nothing listens, and no file of a server's is written
/// (`--no-server`).
///
/// @param loggers not open yet
/// @param settings of a server
record Trial(ServerLog log, Loggers loggers, ServerOptions options, ProcessSettings settings, StartFailures failures) {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    /// @return the exit status
    int load(Loading.Source application) {
        Signals signals = Signals.install(log);
        signals.endWithin(options.stopTimeout().plus(Stopping.GRACE));
        try (ServerProcess process = ServerProcess.begin(settings.ofATrial(), new ProcessLogs(log, loggers))) {
            Loading.Settings loads = new Loading.Settings(
                    StatsSettings.NONE,
                    MetricsSettings.NONE,
                    new Health(MetricsSettings.NONE.healthLimit()),
                    false,
                    options.socketMode(),
                    false,
                    Optional.empty());
            try (Loading loading = new Loading(
                    application, loads, signals, failures, () -> process.becomeUser(List.of(), List.of()))) {
                run(loading.provide());
            }
            LOG.log(Level.INFO, "the application can be loaded, and no server is asked for (--no-server)");
            return 0;
        } catch (ServerStartException e) {
            return failures.report(options.accessLogFormat().isJson(), e, line -> {});
        }
    }

    private void run(ApplicationSource.Provided provided) throws ServerStartException {
        Lifecycle hooks = Lifecycle.all(Stream.concat(provided.hooks().stream(), Stream.of(provided.application()))
                .toList());
        try (LoopGroup loops =
                LoopGroup.builder().loops(1).engine(options.engine()).start()) {
            loops.next()
                    .createTask(() -> {
                        hooks.start();
                        hooks.stop();
                        return hooks;
                    })
                    .join();
        } catch (CompletionException e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new ServerStartException("the application can't start: " + reason, reason);
        }
    }
}
