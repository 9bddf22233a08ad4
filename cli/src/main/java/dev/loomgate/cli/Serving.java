package dev.loomgate.cli;

import dev.loomgate.cli.acme.AcmeCertificate;
import dev.loomgate.cli.acme.AcmeSettings;
import dev.loomgate.cli.control.ControlServer;
import dev.loomgate.cli.cron.CronJobs;
import dev.loomgate.cli.cron.CronSettings;
import dev.loomgate.cli.daemons.AttachedDaemons;
import dev.loomgate.cli.daemons.Daemons;
import dev.loomgate.cli.dashboard.Dashboard;
import dev.loomgate.cli.dashboard.DashboardSettings;
import dev.loomgate.cli.emperor.EmperorLink;
import dev.loomgate.cli.live.Health;
import dev.loomgate.cli.live.LiveServer;
import dev.loomgate.cli.log.LogTail;
import dev.loomgate.cli.log.ServerLog;
import dev.loomgate.cli.loggers.Loggers;
import dev.loomgate.cli.metrics.MetricsSettings;
import dev.loomgate.cli.options.OptionTable;
import dev.loomgate.cli.process.MasterFifo;
import dev.loomgate.cli.process.ProcessSettings;
import dev.loomgate.cli.process.ServerProcess;
import dev.loomgate.cli.process.ServiceState;
import dev.loomgate.cli.reload.ReloadTriggers;
import dev.loomgate.cli.reload.Reloading;
import dev.loomgate.cli.stats.StatsSettings;
import dev.loomgate.cli.subscribe.SubscribeSettings;
import dev.loomgate.cli.subscribe.Subscriptions;
import dev.loomgate.python.PythonApplication;
import dev.loomgate.server.ApplicationSource;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.ServerStartException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One server from its start to its end.
final class Serving {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    private final ServerLog log;
    private final Loggers loggers;
    private final ServerOptions options;
    private final ProcessSettings settings;
    private final ServiceState service;
    private final StartFailures failures;
    private ReloadTriggers triggers = ReloadTriggers.NONE;
    private StatsSettings statistics = StatsSettings.NONE;
    private MetricsSettings metrics = MetricsSettings.NONE;
    private DashboardSettings dashboard = DashboardSettings.NONE;
    private List<Path> fifos = List.of();
    private @Nullable Path control;
    private Duration drainDelay = Duration.ZERO;
    private SubscribeSettings subscriptions = SubscribeSettings.NONE;
    private CronSettings cron = CronSettings.own(List.of(), Duration.ZERO, Path.of(""));
    private AttachedDaemons daemons = AttachedDaemons.NONE;
    private @Nullable AcmeCertificate acme;
    private int workersEach;
    private boolean unlikeUwsgi;
    private boolean diesOnIdle;
    private Optional<Path> script = Optional.empty();
    private @Nullable VassalRole vassal;

    /// @param loggers not open yet
    /// @param failures tells why it can't start
    Serving(ServerLog log, Loggers loggers, ServerOptions options, ProcessSettings settings, StartFailures failures) {
        this.log = log;
        this.loggers = loggers;
        this.failures = failures;
        service = failures.service();
        this.options = options;
        this.settings = settings;
    }

    /// Applications are loaded again when files change.
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

    /// Its metrics are read, and whether it is well.
    Serving measured(MetricsSettings wanted) {
        metrics = wanted;
        return this;
    }

    /// A page shows it.
    Serving shown(DashboardSettings wanted) {
        dashboard = wanted;
        return this;
    }

    /// It isn't ready that long before it stops, or has clients go otherwise.
    Serving drainsFor(Duration delay) {
        drainDelay = delay;
        return this;
    }

    /// Routers hear where it is.
    Serving subscribes(SubscribeSettings wanted) {
        subscriptions = wanted;
        return this;
    }

    /// Where `loomgate ctl` gives it commands.
    Serving controlledBy(Optional<Path> socket) {
        control = socket.orElse(null);
        return this;
    }

    /// Commands are run by the clock while it serves.
    Serving withCronJobs(CronSettings commands) {
        cron = commands;
        return this;
    }

    /// Commands run beside the server.
    Serving beside(AttachedDaemons commands) {
        daemons = commands;
        return this;
    }

    /// An authority's certificate is got, and renewed, while it serves.
    ///
    /// @param wanted none as a rule
    Serving certifiedBy(AcmeSettings wanted) {
        acme = wanted.isWanted() ? new AcmeCertificate(wanted) : null;
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

    /// A script is run instead of answering requests: it listens nowhere, and ends with that.
    Serving runs(Optional<Path> given) {
        script = given;
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
    int run(Loading.Source application, List<ListenAddress> wanted) {
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
            Signals signals = role != null && role.emperor().sharesProcess()
                    ? Signals.ofSharedProcess(log)
                    : Signals.install(log);
            signals.endWithin(drainDelay
                    .plus(options.stopTimeout())
                    .plus(daemons.longestEnd())
                    .plus(Stopping.GRACE));
            if (role != null) {
                role.endBy(signals);
            }
            service.starts();
            try (service) {
                return run(application, addresses, signals);
            }
        } catch (ServerStartException e) {
            return failures.report(json, e, line -> {});
        }
    }

    private int run(Loading.Source application, List<ListenAddress> addresses, Signals signals) {
        try (ServerProcess process = ServerProcess.begin(settings, new ProcessLogs(log, loggers))) {
            return run(application, addresses, signals, process);
        } catch (ServerStartException e) {
            return failures.report(options.accessLogFormat().isJson(), e, line -> {});
        }
    }

    private int run(Loading.Source application, List<ListenAddress> addresses, Signals signals, ServerProcess process)
            throws ServerStartException {
        Optional<String> problem = subscriptions.problem(addresses);
        if (problem.isPresent()) {
            throw new ServerStartException(problem.get());
        }
        signals.reopenBy(() -> process.reopenLog("SIGUSR2"));
        Health health = new Health(metrics.healthLimit());
        Loading.Settings loads =
                new Loading.Settings(statistics, metrics, health, counts(), options.socketMode(), diesOnIdle, script);
        List<Path> certificate = preparedCertificate();
        try (Loading loading = new Loading(
                certified(application),
                loads,
                signals,
                failures,
                () -> process.becomeUser(files(addresses), certificate))) {
            Server server = server(loading, addresses);
            loading.serves(server);
            LiveServer observed = new LiveServer(server, loading.programs());
            List<PythonApplication> programs = List.copyOf(loading.programs().keySet());
            try (Reloading reloading =
                            new Reloading(programs, loading.reloadable(), triggers, reloads(), signals::stopBecause);
                    Draining draining = draining(server, health, programs.size())) {
                signals.reloadBy(() -> {
                    process.reloads();
                    reloadCertificates(server);
                    reloading.reload("SIGHUP");
                });
                ServerCommands commands = new ServerCommands(
                        observed,
                        process,
                        reloading,
                        new Suspension(server, service, health, draining.subscriptions()),
                        draining,
                        signals::stop);
                signals.suspendBy(() -> commands.toggleSuspension("SIGTSTP"));
                serve(observed, signals, process, reloading, loading, commands);
            }
            if (vassal != null) {
                vassal.stopped(addresses);
            }
            return loading.status();
        } catch (ServerStartException e) {
            return failures.report(options.accessLogFormat().isJson(), e, process::tell);
        }
    }

    private Loading.Source certified(Loading.Source application) {
        AcmeCertificate authority = acme;
        return authority == null ? application : () -> application.load().wrapped(authority::wrap);
    }

    private List<Path> preparedCertificate() throws ServerStartException {
        try {
            return acme == null ? List.of() : acme.prepare();
        } catch (IOException e) {
            throw new ServerStartException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void reloadCertificates(Server server) {
        try {
            server.reloadCertificates();
        } catch (IOException e) {
            LOG.log(Level.ERROR, "the certificates stay as they were: {0}", e.getMessage());
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

    private Server server(ApplicationSource source, List<ListenAddress> addresses) throws ServerStartException {
        Server.Builder builder = Server.builderFrom(source).options(options);
        addresses.forEach(builder::listen);
        if (script.isPresent()) {
            builder.withoutListeners();
        }
        if (counts()) {
            builder.countRequests();
        }
        if (metrics.isWanted() || dashboard.isWanted()) {
            builder.measureRequests(metrics.mostRoutes());
        }
        return builder.start();
    }

    private Draining draining(Server server, Health health, int programs) {
        int cores = programs == 0 ? options.loops() : Math.max(1, workersEach * programs);
        return new Draining(
                server,
                script.isPresent() ? Duration.ZERO : drainDelay,
                service,
                health,
                Subscriptions.of(subscriptions, server.addresses(), cores, server::inFlight));
    }

    private boolean counts() {
        return statistics.isWanted() || metrics.isWanted() || dashboard.isWanted();
    }

    private static List<Path> files(List<ListenAddress> addresses) {
        return addresses.stream()
                .map(ListenAddress::place)
                .flatMap(place -> place instanceof Place.UnixPath unix ? Stream.of(unix.path()) : Stream.empty())
                .toList();
    }

    private void serve(
            LiveServer observed,
            Signals signals,
            ServerProcess process,
            Reloading reloading,
            Loading loading,
            ServerCommands commands)
            throws ServerStartException {
        Server server = observed.server();
        Announcement announcement =
                new Announcement(server, options, observed.programs().size(), workersEach);
        signals.dumpOf(server::dump, () -> observed.programs().keySet().forEach(PythonApplication::dump));
        CronJobs jobs = CronJobs.of(cron);
        server.addresses().forEach(address -> LOG.log(Level.INFO, () -> announcement.line(address)));
        try (LogTail.Following _ = log.tail().watch(server);
                Daemons beside = Daemons.of(daemons, signals::stopBecause);
                Dashboard _ = Dashboard.start(
                        dashboard, new Dashboard.Subject(observed, log.tail(), commands), Version.number())) {
            process.serving();
            loading.stats().serve(observed, Version.number(), settings.directory());
            loading.metrics().serve(observed, jobs::figures, Version.number(), settings.directory());
            loading.health().serves(observed);
            beside.start();
            if (acme != null) {
                acme.start(server);
            }
            reloading.alsoReload(beside::reload);
            if (vassal != null) {
                vassal.serves(server);
            }
            service.serves(announcement.summary(), server::nextTurn, loading.health()::whyNoWorkers);
            commands.subscribe();
            CompilerPriority.lower();
            Signals.Stop stop = awaitStop(signals, commands, jobs, loading.health());
            if (vassal != null) {
                vassal.stops(server);
            }
            if (acme != null) {
                acme.close();
            }
            new Stopping(options.stopTimeout(), unlikeUwsgi).stop(server, stop);
        } catch (ServerStartException e) {
            server.close();
            throw e;
        }
    }

    // Its pipes and its socket are there as long as the server takes commands.
    private Signals.Stop awaitStop(Signals signals, ServerCommands commands, CronJobs jobs, Health health)
            throws ServerStartException {
        if (fifos.isEmpty()) {
            return awaitControlled(signals, commands, jobs, health);
        }
        try (MasterFifo fifo = MasterFifo.open(fifos, new FifoCommands(commands)::run)) {
            LOG.log(Level.DEBUG, "commands are taken: {0}", fifo);
            return awaitControlled(signals, commands, jobs, health);
        }
    }

    private Signals.Stop awaitControlled(Signals signals, ServerCommands commands, CronJobs jobs, Health health)
            throws ServerStartException {
        Path socket = control;
        if (socket == null) {
            return awaitDrained(signals, commands, jobs, health);
        }
        try (ControlServer _ = ControlServer.start(socket, commands.live(), commands, log.tail(), Version.line())) {
            return awaitDrained(signals, commands, jobs, health);
        }
    }

    private Signals.Stop awaitDrained(Signals signals, ServerCommands commands, CronJobs jobs, Health health)
            throws ServerStartException {
        Signals.Stop stop;
        try (jobs) {
            begin(jobs);
            stop = signals.awaitStop();
            health.stops();
        }
        service.stops(stop.why());
        try {
            commands.beforeStop(stop);
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "the server stops at once: its thread is interrupted");
        }
        return stop;
    }

    private static void begin(CronJobs jobs) throws ServerStartException {
        try {
            jobs.start();
        } catch (IllegalArgumentException e) {
            throw new ServerStartException(OptionTable.message(e), e);
        }
    }
}
