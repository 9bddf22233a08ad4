package dev.loomgate.cli.options;

import dev.loomgate.cli.acme.AcmeSettings;
import dev.loomgate.cli.daemons.AttachedDaemons;
import dev.loomgate.cli.dashboard.DashboardSettings;
import dev.loomgate.cli.log.Strftime;
import dev.loomgate.cli.loggers.Loggers;
import dev.loomgate.cli.metrics.MetricsSettings;
import dev.loomgate.cli.options.rows.AcmeOptions;
import dev.loomgate.cli.options.rows.DaemonOptions;
import dev.loomgate.cli.options.rows.DashboardOptions;
import dev.loomgate.cli.options.rows.Http2SetupOptions;
import dev.loomgate.cli.options.rows.Http3SetupOptions;
import dev.loomgate.cli.options.rows.HttpsOptions;
import dev.loomgate.cli.options.rows.ListenOptions;
import dev.loomgate.cli.options.rows.LogOptions;
import dev.loomgate.cli.options.rows.LoggerOptions;
import dev.loomgate.cli.options.rows.LoopOptions;
import dev.loomgate.cli.options.rows.MetricsOptions;
import dev.loomgate.cli.options.rows.ProcessOptions;
import dev.loomgate.cli.options.rows.PythonProgramOptions;
import dev.loomgate.cli.options.rows.RunOptions;
import dev.loomgate.cli.options.rows.SocketSetupOptions;
import dev.loomgate.cli.options.rows.SpoolOptions;
import dev.loomgate.cli.options.rows.StatsOptions;
import dev.loomgate.cli.options.rows.SubscribeOptions;
import dev.loomgate.cli.options.rows.TimeoutOptions;
import dev.loomgate.cli.options.table.CommandOptions;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.process.ProcessSettings;
import dev.loomgate.cli.stats.StatsSettings;
import dev.loomgate.cli.subscribe.SubscribeSettings;
import dev.loomgate.gateway.Application;
import dev.loomgate.loop.spool.Spool;
import dev.loomgate.python.WorkerMode;
import dev.loomgate.server.Limits;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.WebSocketOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/// The options of a server, whatever it serves, and what they ask for.
public final class ServeOptions {
    private final OptionValues values;
    private @Nullable Loggers loggers;

    /// None is given yet.
    public ServeOptions() {
        this(new OptionValues());
    }

    ServeOptions(OptionValues values) {
        this.values = values;
    }

    /// Adds them to a command. Their values are there when its command line has been parsed.
    public void addTo(CommandSpec command) {
        CommandOptions.add(command, Section.options(Section.OF_SERVER), values);
    }

    /// How Python workers run requests.
    ///
    /// @throws IllegalArgumentException if the options don't go together; see [OptionTable#message]
    public WorkerMode workerMode() {
        return LoopOptions.workerMode(values);
    }

    /// Where to listen: HTTP first, then uwsgi; may be empty.
    ///
    /// @throws IllegalArgumentException if the options don't go together; see [OptionTable#message]
    public List<ListenAddress> addresses() {
        return ListenOptions.addresses(values);
    }

    /// What is spoken on sockets that no option names.
    public ListenAddress.Protocol protocol() {
        return ListenOptions.protocol(values);
    }

    /// What records of the log begin with instead of the usual time; empty for that one.
    public Optional<Strftime> logDate() {
        return LogOptions.date(values);
    }

    /// Whether records of the log show which request they belong to.
    public boolean logsRequestIds() {
        return LogOptions.showsRequests(values);
    }

    /// The loggers, not open yet.
    ///
    /// @throws IllegalArgumentException if a value makes no sense
    public Loggers loggers() {
        if (loggers == null) {
            loggers = new Loggers(LoggerOptions.settings(values));
        }
        return loggers;
    }

    /// What was asked for of the server's process.
    ///
    /// @throws IllegalArgumentException if a value makes no sense
    public ProcessSettings process() {
        return ProcessOptions.settings(values, PythonProgramOptions.workingDirectory(values));
    }

    /// What was asked for of statistics.
    ///
    /// @throws IllegalArgumentException if a value makes no sense; see [OptionTable#message]
    public StatsSettings statistics() {
        return StatsOptions.settings(values, PythonProgramOptions.workingDirectory(values));
    }

    /// What was asked for of metrics and health.
    ///
    /// @throws IllegalArgumentException if a value makes no sense; see [OptionTable#message]
    public MetricsSettings metrics() {
        return MetricsOptions.settings(values, PythonProgramOptions.workingDirectory(values));
    }

    /// What was asked for of the dashboard.
    ///
    /// @throws IllegalArgumentException if a value makes no sense; see [OptionTable#message]
    public DashboardSettings dashboard() {
        return DashboardOptions.settings(values, PythonProgramOptions.workingDirectory(values));
    }

    /// The named pipes that take commands.
    public List<Path> fifos() {
        return StatsOptions.fifos(values, PythonProgramOptions.workingDirectory(values));
    }

    /// The socket where `loomgate ctl` gives commands.
    public Optional<Path> control() {
        return StatsOptions.control(values, PythonProgramOptions.workingDirectory(values));
    }

    /// What was asked for of subscriptions.
    ///
    /// @throws IllegalArgumentException if a value makes no sense; see [OptionTable#message]
    public SubscribeSettings subscriptions() {
        return SubscribeOptions.settings(values);
    }

    /// How long a server that drains goes on as before.
    ///
    /// @throws IllegalArgumentException if it is negative; see [OptionTable#message]
    public Duration drainDelay() {
        return RunOptions.drainDelay(values);
    }

    /// Commands that run beside the server.
    ///
    /// @throws IllegalArgumentException if a value is none
    public AttachedDaemons daemons() {
        return DaemonOptions.daemons(values);
    }

    /// What was asked for of an ACME authority.
    ///
    /// @throws IllegalArgumentException if a value makes no sense
    public AcmeSettings acme() {
        return AcmeOptions.settings(values, PythonProgramOptions.workingDirectory(values));
    }

    /// The application with what stands before it for HTTPS's sake.
    public Application wrap(Application application) {
        return HttpsOptions.wrap(application, values);
    }

    /// The server's options.
    ///
    /// @throws IllegalArgumentException if a value is out of range; [OptionTable#message] has it for the operator
    public ServerOptions serverOptions() {
        Limits.Builder limits = Limits.builder();
        limits.maxMicrothreads(values.of(LoopOptions.ASYNC));
        return serverOptions(ServerOptions.builder(), limits, false);
    }

    /// The options of a server for a first look: HTTPS needs no certificate of the operator's.
    ///
    /// @throws IllegalArgumentException if a value is out of range; [OptionTable#message] has it for the operator
    public ServerOptions serverOptionsOfDemo() {
        Limits.Builder limits = Limits.builder();
        limits.maxMicrothreads(values.of(LoopOptions.ASYNC));
        return serverOptions(ServerOptions.builder(), limits, true);
    }

    /// The options of a server that has Python applications alone: `--asyncio` is their workers' matter.
    ///
    /// @param loops so many, unless `--loops` says otherwise
    /// @throws IllegalArgumentException if a value is out of range; [OptionTable#message] has it for the operator
    public ServerOptions serverOptionsOfPython(int loops) {
        return serverOptions(ServerOptions.builder().loops(loops), Limits.builder(), false);
    }

    private ServerOptions serverOptions(ServerOptions.Builder options, Limits.Builder limits, boolean demo) {
        values.applyTo(options);
        values.applyTo(limits);
        SocketSetupOptions.applyTo(options, values);
        HttpsOptions.applyTo(options, values, PythonProgramOptions.workingDirectory(values), demo);
        Http2SetupOptions.applyTo(options, values);
        Http3SetupOptions.applyTo(options, values);
        LogOptions.applyTo(options, values);
        if (!loggers().isEmpty()) {
            options.accessLogTo(loggers().requests());
        }
        TimeoutOptions.applyTo(options, limits, values);
        Spool spool = SpoolOptions.spool(values, OptionTable.NAMES_OF_SETTINGS);
        WebSocketOptions.Builder webSockets = WebSocketOptions.builder();
        values.applyTo(webSockets);
        return options.limits(limits.build())
                .webSockets(webSockets.build())
                .spool(spool)
                .settingNames(OptionTable.NAMES_OF_SETTINGS)
                .build();
    }
}
