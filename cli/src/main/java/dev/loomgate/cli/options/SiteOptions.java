package dev.loomgate.cli.options;

import dev.loomgate.cli.cron.CronSettings;
import dev.loomgate.cli.emperor.EmperorSettings;
import dev.loomgate.cli.options.rows.ApplicationOptions;
import dev.loomgate.cli.options.rows.CronOptions;
import dev.loomgate.cli.options.rows.EmperorOptions;
import dev.loomgate.cli.options.rows.ForwardedOptions;
import dev.loomgate.cli.options.rows.JvmOptions;
import dev.loomgate.cli.options.rows.LogOptions;
import dev.loomgate.cli.options.rows.MuleProcessOptions;
import dev.loomgate.cli.options.rows.ProcessOptions;
import dev.loomgate.cli.options.rows.PythonProgramOptions;
import dev.loomgate.cli.options.rows.ReloadOptions;
import dev.loomgate.cli.options.rows.RouteOptions;
import dev.loomgate.cli.options.rows.RunOptions;
import dev.loomgate.cli.options.rows.StaticOptions;
import dev.loomgate.cli.options.rows.TouchOptions;
import dev.loomgate.cli.options.rows.WorkerCountOptions;
import dev.loomgate.cli.options.table.CommandOptions;
import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.ApplicationName;
import dev.loomgate.cli.options.values.JavaSettings;
import dev.loomgate.cli.options.values.Mount;
import dev.loomgate.cli.options.values.StaticSite;
import dev.loomgate.cli.process.RunningServer;
import dev.loomgate.cli.reload.ReloadTriggers;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.WorkerMode;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.toolkit.routes.Routes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Model.CommandSpec;

/// All options: what is served, and the server's.
public final class SiteOptions {
    private final OptionValues values = new OptionValues();
    private final ServeOptions serve = new ServeOptions(values);

    /// Adds them to a command. Their values are there when its command line has been parsed. Those of uWSGI's that do
    /// nothing are added by [UwsgiOptionList#addNeedlessTo].
    public void addTo(CommandSpec command) {
        CommandOptions.add(command, Section.options(List.of(Section.values())), values);
    }

    /// The server's.
    public ServeOptions server() {
        return serve;
    }

    /// The server that is to be signalled instead of starting one.
    public Optional<RunningServer> signalled() {
        return ProcessOptions.signalled(values);
    }

    /// The application that has what isn't mounted.
    ///
    /// @throws IllegalArgumentException if there is one in Java and one in Python
    public Optional<ApplicationName> root() {
        return ApplicationOptions.root(values);
    }

    /// No application, where there is none and something runs beside the workers, as in uWSGI; else empty.
    public Optional<ApplicationName> nothing() {
        return ApplicationOptions.nothing(values);
    }

    /// What is run instead of answering requests; empty for nothing.
    public Optional<Path> script() {
        return PythonProgramOptions.script(values);
    }

    /// What is given, and isn't run nevertheless; for the log.
    public Optional<String> passedOver() {
        return ApplicationOptions.passedOver(values);
    }

    /// The others, with their prefixes.
    ///
    /// @throws IllegalArgumentException if one isn't a prefix and an application
    public List<Mount> mounts() {
        return ApplicationOptions.mounts(values, directory());
    }

    /// Whether a path under no mount is the first mounted application's, where there is no root.
    public boolean firstMountIsDefault() {
        return !values.of(ApplicationOptions.NO_DEFAULT_APP);
    }

    /// The files that go before the applications.
    ///
    /// @throws IllegalArgumentException if an option's value is wrong
    public StaticSite files() {
        return StaticOptions.site(values, directory());
    }

    /// Rules on requests and responses.
    ///
    /// @throws IllegalArgumentException if one is no rule
    public Routes routes() {
        return RouteOptions.routes(values);
    }

    /// What takes from header fields what trusted proxies say of a client.
    ///
    /// @throws IllegalArgumentException if a network is none
    public Middleware forwarded() {
        return ForwardedOptions.middleware(values);
    }

    /// The emperor that is to run instead of a server; empty for none.
    ///
    /// @throws IllegalArgumentException if a value is out of range; [OptionTable#message] has it for the operator
    public Optional<EmperorSettings> emperor() {
        EmperorSettings settings = EmperorOptions.settings(values);
        return settings.monitors().isEmpty() ? Optional.empty() : Optional.of(settings);
    }

    /// What is given and is about what a process has once, so that no other site can share the process; empty for none.
    public Optional<String> needsOwnProcess() {
        return values.givenOfProcess().stream()
                .map(Option::longName)
                .findFirst()
                .or(() -> LogOptions.isJson(values) ? Optional.of("--log-format json") : Optional.empty());
    }

    /// How often a vassal tells its emperor that all is well; zero for never.
    public Duration heartbeat() {
        return EmperorOptions.heartbeat(values);
    }

    /// Whether the server ends when no Python application has anything to do.
    public boolean diesOnIdle() {
        return values.of(WorkerCountOptions.DIE_ON_IDLE);
    }

    /// Whether the application is to be loaded and no more.
    public boolean isTrial() {
        return values.of(ApplicationOptions.NO_SERVER);
    }

    /// What is to be written to the log at the start.
    public List<String> printed() {
        return values.of(RunOptions.PRINT);
    }

    /// What all Java applications have in common.
    ///
    /// @param options what the server was started with
    /// @param hasJava whether there is one
    /// @throws IllegalArgumentException if there is none, and something is to be run before it
    public JavaSettings java(Map<String, Object> options, boolean hasJava) {
        return JvmOptions.settings(values, directory(), options, hasJava);
    }

    /// The number of workers of each Python application.
    public int processes() {
        return values.of(PythonProgramOptions.PROCESSES);
    }

    /// How Python programs are run, whichever.
    ///
    /// @param server whose limits hold for them as well
    /// @param shown what `uwsgi.opt` shows
    /// @param settingNames what messages call a setting
    /// @throws IllegalArgumentException if a value is out of range; [OptionTable#message] has it for the operator
    public PythonOptions python(
            ServerOptions server, WorkerMode mode, Map<String, Object> shown, UnaryOperator<String> settingNames) {
        PythonOptions.Builder program = PythonOptions.builder()
                .mode(mode)
                .requestTimeout(server.limits().requestTimeout())
                .spool(server.spool())
                .bufferSize(server.limits().maxHeaderBytes())
                .shown(shown)
                .tellsWorkers(server.hasAccessLog() && server.accessLogFormat().namesProcesses())
                .requestIds(LogOptions.showsRequests(values)
                        || (server.hasAccessLog() && server.accessLogFormat().namesRequests()))
                .settingNames(settingNames);
        PythonProgramOptions.applyTo(program, values);
        if (isTrial()) {
            program.needApp(true);
        }
        ProcessOptions.names(values).ifPresent(names -> program.titles(names.zygote(), names.worker()));
        return program.build();
    }

    /// The commands that are run by the clock, in the program's directory.
    ///
    /// @throws IllegalArgumentException if a value is out of range; [OptionTable#message] has it for the operator
    public CronSettings cron() {
        return CronOptions.settings(values, directory());
    }

    /// What reloads applications, and what else is done when files change.
    public ReloadTriggers reloadTriggers() {
        return new ReloadTriggers(
                paths(ReloadOptions.TOUCH_RELOAD),
                paths(ReloadOptions.FS_RELOAD),
                paths(ReloadOptions.TOUCH_WORKERS_RELOAD),
                paths(ReloadOptions.TOUCH_CHAIN_RELOAD),
                paths(ReloadOptions.TOUCH_SPOOLERS_RELOAD),
                paths(MuleProcessOptions.TOUCH_MULES_RELOAD),
                TouchOptions.signals(values, directory()),
                TouchOptions.commands(values, directory()),
                directory(),
                PythonProgramOptions.sourceDirectories(values),
                ReloadOptions.sourcePeriod(values),
                values.of(ReloadOptions.EXIT_ON_RELOAD));
    }

    /// Whether Java applications can be replaced while the server serves: where something asks for that.
    public boolean reloadsJava() {
        return ReloadOptions.sourcePeriod(values).isPositive()
                || !values.of(ReloadOptions.TOUCH_RELOAD).isEmpty()
                || !values.of(ReloadOptions.FS_RELOAD).isEmpty();
    }

    private List<Path> paths(Option<List<Path>> option) {
        return values.of(option).stream().map(directory()::resolve).toList();
    }

    // What relative paths are relative to.
    private Path directory() {
        return PythonProgramOptions.workingDirectory(values);
    }
}
