package dev.loomgate.cli;

import dev.loomgate.cli.application.Site;
import dev.loomgate.cli.arguments.GivenArguments;
import dev.loomgate.cli.emperor.EmperorLink;
import dev.loomgate.cli.emperor.EmperorSettings;
import dev.loomgate.cli.log.ServerLog;
import dev.loomgate.cli.loggers.Loggers;
import dev.loomgate.cli.options.OptionTable;
import dev.loomgate.cli.options.ServeOptions;
import dev.loomgate.cli.options.SiteOptions;
import dev.loomgate.cli.options.table.CommandOptions;
import dev.loomgate.cli.options.values.ApplicationName;
import dev.loomgate.cli.options.values.JavaSettings;
import dev.loomgate.cli.options.values.Mount;
import dev.loomgate.cli.options.values.StaticSite;
import dev.loomgate.cli.process.ProcessSettings;
import dev.loomgate.cli.process.RunningServer;
import dev.loomgate.cli.process.ServiceState;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.WorkerMode;
import dev.loomgate.server.ActivatedSockets;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.ServerStartException;
import dev.loomgate.toolkit.routes.Routes;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/// `loomgate --app ...`, `loomgate -w ...`: serves applications.
@Command(
        name = "loomgate",
        description = "Serves applications in Java and in Python over HTTP, or over the uwsgi protocol behind nginx.",
        versionProvider = Version.class,
        sortOptions = false,
        customSynopsis = {
            "loomgate (--http HOST:PORT | -s SOCKET)... --app CLASS|FILE.java [OPTIONS]",
            "       loomgate (--http HOST:PORT | -s SOCKET)... -w MODULE[:CALLABLE] [OPTIONS]",
            "       loomgate FILE.ini|FILE.yaml|FILE.json|FILE.xml [OPTIONS]",
            "       loomgate --emperor DIRECTORY [OPTIONS]",
            "       loomgate demo [OPTIONS]",
            "       loomgate ctl VERB [OPTIONS]"
        },
        footer = {
            "",
            "Signals: SIGTERM and SIGINT stop gracefully, a second one and SIGQUIT at once; SIGHUP reloads Python"
                    + " applications; SIGTSTP has new connections wait until the next one; SIGUSR1 logs all"
                    + " microthreads, SIGUSR2 opens the log's file again.",
            "",
            "  loomgate --http 127.0.0.1:8000 --app Hello.java",
            "  loomgate -s /run/shop.sock --classpath shop.jar --app com.example.Shop",
            "  loomgate --asyncio 512 -s /tmp/uwsgi.sock --greenlet -w your_package.uwsgi",
            "  loomgate --http :8000 --mount /shop=java:com.example.Shop --mount /wiki=wiki.wsgi --processes 2"
        })
final class LoomgateCommand implements Callable<Integer> {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    private static final int WORKERS_A_LOOP = 4;
    private static final int CANNOT_SIGNAL = 1;

    private final ServerLog log;
    private final GivenArguments arguments;
    private final @Nullable EmperorLink emperor;

    @Spec
    private CommandSpec command = CommandSpec.create();

    private final SiteOptions options = new SiteOptions();

    /// @param arguments what picocli gets, and where it comes from
    /// @param emperor whose vassal this process is; or null
    LoomgateCommand(ServerLog log, GivenArguments arguments, @Nullable EmperorLink emperor) {
        this.log = log;
        this.emperor = emperor;
        this.arguments = arguments;
    }

    CommandLine commandLine() {
        CommandLine line = new CommandLine(this);
        CommandOptions.addHelp(line.getCommandSpec());
        options.addTo(line.getCommandSpec());
        return line;
    }

    @Override
    public Integer call() {
        if (emperor != null && emperor.sharesProcess()) {
            Optional<String> alone = options.needsOwnProcess();
            if (alone.isPresent()) {
                emperor.needsItsOwnProcess(alone.get());
                return 0;
            }
            Main.tell(arguments); // the process of its own would tell it once more
        }
        Optional<RunningServer> signalled = options.signalled();
        if (signalled.isPresent()) {
            Optional<String> failure = signalled.get().send();
            failure.ifPresent(why -> command.commandLine().getErr().println("loomgate: " + why));
            return failure.isPresent() ? CANNOT_SIGNAL : 0;
        }
        Optional<ApplicationName> named = checked(options::root);
        List<Mount> mounts = checked(options::mounts);
        StaticSite files = checked(options::files);
        Optional<ApplicationName> root =
                named.isEmpty() && mounts.isEmpty() && files.isEmpty() ? options.nothing() : named;
        Routes routes = checked(options::routes);
        Middleware forwarded = checked(options::forwarded);
        ServeOptions serve = options.server();
        Optional<EmperorSettings> vassals = checked(options::emperor);
        if (vassals.isPresent()) {
            boolean serves = root.isPresent() || !mounts.isEmpty() || !files.isEmpty();
            return run(vassals.get(), serves || !checked(serve::addresses).isEmpty());
        }
        if (root.isEmpty() && mounts.isEmpty() && files.isEmpty()) {
            throw wrong("nothing to run: give an application (--app CLASS or FILE.java, -w PYTHON.MODULE), files"
                    + " (--static-map /=DIRECTORY), or the command demo");
        }
        boolean script = options.script().isPresent();
        List<ListenAddress> addresses = script
                ? List.of()
                : ActivatedSockets.joinedWith(checked(serve::addresses), serve.protocol(), System.getenv());
        if (addresses.isEmpty() && !script && !options.isTrial() && (emperor == null || !emperor.isOnDemand())) {
            throw wrong("nothing to listen on: give an address (--http 127.0.0.1:8000, or -s /run/app.sock for nginx)");
        }
        options.printed().forEach(text -> LOG.log(Level.INFO, text));
        options.passedOver().ifPresent(text -> LOG.log(Level.WARNING, typed().located(text)));
        WorkerMode mode = hasPython(root, mounts) ? checked(serve::workerMode) : new WorkerMode.Sync();
        ServerOptions server = checked(() -> serverOptions(pythonAlone(root, mounts)));
        PythonOptions python = checked(() -> options.python(server, mode, given(), typedNames()));
        JavaSettings java = checked(() -> options.java(given(), !pythonAlone(root, mounts)));
        log.useText(serve.logDate().orElse(null), serve.logsRequestIds());
        StartFailures failures = new StartFailures(command, arguments.origins(), ServiceState.of(System.getenv()));
        Loggers loggers = checked(serve::loggers);
        ProcessSettings process = checked(serve::process);
        if (options.isTrial()) {
            return new Trial(log, loggers, server, process, failures)
                    .load(() -> site(java, python.alone()).load(root, mounts, files, routes, forwarded));
        }
        Serving serving = new Serving(log, loggers, server, process, failures)
                .reloadOn(options.reloadTriggers())
                .observed(checked(serve::statistics), serve.fifos())
                .measured(checked(serve::metrics))
                .shown(checked(serve::dashboard))
                .drainsFor(checked(serve::drainDelay))
                .subscribes(checked(serve::subscriptions))
                .controlledBy(serve.control())
                .withCronJobs(checked(options::cron))
                .beside(checked(serve::daemons))
                .certifiedBy(checked(serve::acme))
                .workersEach(options.processes())
                .diesOnIdle(options.diesOnIdle())
                .runs(options.script())
                .stopsUnlikeUwsgi(
                        arguments.options().filter(UwsgiStops::isReload).isPresent());
        if (emperor != null) {
            serving.asVassalOf(emperor, serve.protocol(), options.heartbeat());
        }
        return serving.run(
                () -> site(java, python)
                        .load(root, mounts, files, routes, forwarded)
                        .wrapped(serve::wrap),
                addresses);
    }

    private int run(EmperorSettings vassals, boolean serves) {
        if (serves) {
            throw wrong(
                    "an emperor serves nothing itself: give the application and its sockets a file of their own beside"
                            + " the others (--emperor)");
        }
        options.printed().forEach(text -> LOG.log(Level.INFO, text));
        ServeOptions serve = options.server();
        log.useText(serve.logDate().orElse(null), serve.logsRequestIds());
        if (checked(serve::serverOptions).accessLogFormat().isJson()) {
            log.useJson();
        }
        EmperorServing serving = new EmperorServing(log, checked(serve::loggers), vassals, checked(serve::process));
        try {
            return serving.run(emperor);
        } catch (ServerStartException e) {
            command.commandLine().getErr().println("loomgate: " + e.getMessage());
            return StartFailures.CANNOT_START;
        }
    }

    private Site site(JavaSettings java, PythonOptions python) {
        Site site = new Site(java, python)
                .reloads(options.reloadsJava() && !options.isTrial())
                .development(checked(options.server()::serverOptions).development());
        return options.firstMountIsDefault() ? site.firstMountIsDefault() : site;
    }

    private ServerOptions serverOptions(boolean pythonAlone) {
        // One loop has all work of a Python application, and feeds several workers.
        // What is wrong with the number of processes is said of it, not of the loops.
        int loops = Math.max(1, Math.ceilDiv(options.processes(), WORKERS_A_LOOP));
        return pythonAlone
                ? options.server().serverOptionsOfPython(loops)
                : options.server().serverOptions();
    }

    private static boolean hasPython(Optional<ApplicationName> root, List<Mount> mounts) {
        return !all(root, mounts).allMatch(ApplicationName.Java.class::isInstance);
    }

    private static boolean pythonAlone(Optional<ApplicationName> root, List<Mount> mounts) {
        return all(root, mounts).noneMatch(ApplicationName.Java.class::isInstance);
    }

    private static Stream<ApplicationName> all(Optional<ApplicationName> root, List<Mount> mounts) {
        return Stream.concat(root.stream(), mounts.stream().map(Mount::application));
    }

    /// What messages call a setting, at the start and later in the log: its option, by the name that was typed.
    private UnaryOperator<String> typedNames() {
        TypedNames typed = typed();
        return setting -> typed.named(OptionTable.NAMES_OF_SETTINGS.apply(setting));
    }

    private TypedNames typed() {
        ParseResult parsed = command.commandLine().getParseResult();
        return TypedNames.of(
                command,
                arguments.origins(),
                parsed == null ? new String[0] : parsed.originalArgs().toArray(String[]::new));
    }

    /// The options as they were given, for `uwsgi.opt`.
    private Map<String, Object> given() {
        if (arguments.options().isPresent()) {
            return arguments.options().get();
        }
        Map<String, Object> given = new TreeMap<>();
        ParseResult parsed = command.commandLine().getParseResult();
        if (parsed != null) {
            for (OptionSpec option : parsed.matchedOptions()) {
                List<String> values = option.stringValues();
                String name = option.longestName().replaceFirst("^-+", "");
                given.put(name, option.arity().max() == 0 ? true : values.size() == 1 ? values.getFirst() : values);
            }
        }
        return given;
    }

    private <T> T checked(Supplier<T> value) {
        return WrongValue.checked(command, value);
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
