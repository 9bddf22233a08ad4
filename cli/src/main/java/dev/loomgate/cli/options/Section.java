package dev.loomgate.cli.options;

import dev.loomgate.cli.options.rows.AcmeOptions;
import dev.loomgate.cli.options.rows.ApplicationOptions;
import dev.loomgate.cli.options.rows.AsgiSetupOptions;
import dev.loomgate.cli.options.rows.ConfigOptions;
import dev.loomgate.cli.options.rows.CronOptions;
import dev.loomgate.cli.options.rows.DaemonOptions;
import dev.loomgate.cli.options.rows.DashboardOptions;
import dev.loomgate.cli.options.rows.EmperorOptions;
import dev.loomgate.cli.options.rows.HookOptions;
import dev.loomgate.cli.options.rows.Http2SetupOptions;
import dev.loomgate.cli.options.rows.Http3SetupOptions;
import dev.loomgate.cli.options.rows.HttpsOptions;
import dev.loomgate.cli.options.rows.JvmOptions;
import dev.loomgate.cli.options.rows.LimitOptions;
import dev.loomgate.cli.options.rows.ListenOptions;
import dev.loomgate.cli.options.rows.LogOptions;
import dev.loomgate.cli.options.rows.LoggerOptions;
import dev.loomgate.cli.options.rows.LoopOptions;
import dev.loomgate.cli.options.rows.MetricsOptions;
import dev.loomgate.cli.options.rows.MuleProcessOptions;
import dev.loomgate.cli.options.rows.ProcessOptions;
import dev.loomgate.cli.options.rows.PythonProgramOptions;
import dev.loomgate.cli.options.rows.ReloadOptions;
import dev.loomgate.cli.options.rows.RouteOptions;
import dev.loomgate.cli.options.rows.RunOptions;
import dev.loomgate.cli.options.rows.SharingOptions;
import dev.loomgate.cli.options.rows.SocketLimitOptions;
import dev.loomgate.cli.options.rows.SocketSetupOptions;
import dev.loomgate.cli.options.rows.SpoolOptions;
import dev.loomgate.cli.options.rows.SpoolerTaskOptions;
import dev.loomgate.cli.options.rows.StaticOptions;
import dev.loomgate.cli.options.rows.StatsOptions;
import dev.loomgate.cli.options.rows.TimeoutOptions;
import dev.loomgate.cli.options.rows.TouchOptions;
import dev.loomgate.cli.options.rows.WorkerAgeOptions;
import dev.loomgate.cli.options.rows.WorkerCountOptions;
import dev.loomgate.cli.options.table.Option;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The sections of the table, in the order of the help.
enum Section {
    APPLICATION("What to run", "", ApplicationOptions.ALL),
    JVM("Programs by uWSGI's interfaces for the JVM", "docs/jwsgi.md, docs/ring.md", JvmOptions.ALL),
    FILES("Static files", "", StaticOptions.ALL),
    LISTEN("Where to listen", "", ListenOptions.ALL),
    HTTPS("HTTPS", "docs/https.md", HttpsOptions.ALL),
    ACME("Certificates from an authority", "docs/https.md", AcmeOptions.ALL),
    SOCKETS("How sockets are made", "", SocketSetupOptions.ALL),
    PYTHON("Python applications", "", PythonProgramOptions.ALL),
    ASGI("ASGI applications", "docs/asgi.md", AsgiSetupOptions.ALL),
    COUNT("How many Python workers there are", "", WorkerCountOptions.ALL),
    AGE("When Python workers are replaced", "", WorkerAgeOptions.ALL),
    SPOOLERS("Spoolers, which do tasks in the background", "docs/spooler.md", SpoolerTaskOptions.ALL),
    MULES("Mules: processes beside the workers", "docs/mules.md", MuleProcessOptions.ALL),
    SHARING("What Python workers share", "the uwsgi module's functions: docs/uwsgi-module.md", SharingOptions.ALL),
    RELOAD("Reloading Python applications", "", ReloadOptions.ALL),
    ROUTES("Rules on requests and responses", "docs/routing-rules.md", RouteOptions.ALL),
    LOOPS("Loops and microthreads", "", LoopOptions.ALL),
    LIMITS("Limits", "BYTES: 65535, 64k, 10m, 1g; TIME: seconds as 30 or 0.5, or 200ms, 5m", limits()),
    HTTP2("HTTP/2", "docs/deploy.md", Http2SetupOptions.ALL),
    HTTP3("HTTP/3", "docs/https.md", Http3SetupOptions.ALL),
    WEB_SOCKETS("WebSockets", "docs/websockets.md", SocketLimitOptions.ALL),
    SPOOL("Responses for slow clients", "", SpoolOptions.ALL),
    RUN("Running", "", RunOptions.ALL),
    LOG("The log", "docs/logs.md", LogOptions.ALL),
    LOGGERS("Where the log goes", "docs/logs.md", LoggerOptions.ALL),
    PROCESS("The server as a process", "", ProcessOptions.ALL),
    STATS("Statistics and commands", "docs/observe.md", StatsOptions.ALL),
    METRICS("Metrics and health", "docs/observe.md", MetricsOptions.ALL),
    DASHBOARD("A page that shows the server live", "docs/observe.md", DashboardOptions.ALL),
    EMPEROR("Several sites", "docs/emperor.md", EmperorOptions.ALL),
    HOOKS("At points of the start", "", HookOptions.ALL),
    CRON("By the clock", "docs/signals.md", CronOptions.ALL),
    TOUCH("When files change", "docs/signals.md", TouchOptions.ALL),
    DAEMONS("Commands beside the server", "docs/deploy.md", DaemonOptions.ALL),
    CONFIG("Configuration files", "", ConfigOptions.ALL);

    private static List<Option<?>> limits() {
        return Stream.<List<Option<?>>>of(LimitOptions.ALL, TimeoutOptions.ALL)
                .flatMap(List::stream)
                .collect(Collectors.toUnmodifiableList());
    }

    /// What a server takes, whatever it serves.
    static final List<Section> OF_SERVER = List.of(
            LISTEN, HTTPS, ACME, SOCKETS, LOOPS, LIMITS, HTTP2, HTTP3, SPOOL, RUN, LOG, LOGGERS, PROCESS, STATS,
            METRICS, DASHBOARD, HOOKS, DAEMONS);

    private final String title;
    private final String note;

    @SuppressWarnings("ImmutableEnumChecker") // List.of, of values
    private final List<Option<?>> options;

    Section(String title, String note, List<Option<?>> options) {
        this.title = title;
        this.note = note;
        this.options = options;
    }

    String title() {
        return title;
    }

    /// How its values are written; may be empty.
    String note() {
        return note;
    }

    List<Option<?>> options() {
        return options;
    }

    static Stream<Option<?>> options(List<Section> sections) {
        return sections.stream().flatMap(section -> section.options().stream());
    }
}
