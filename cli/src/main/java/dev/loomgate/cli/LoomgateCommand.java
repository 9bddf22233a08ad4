package dev.loomgate.cli;

import dev.loomgate.cli.application.Site;
import dev.loomgate.cli.log.ServerLog;
import dev.loomgate.cli.options.ApplicationName;
import dev.loomgate.cli.options.ApplicationOptions;
import dev.loomgate.cli.options.Mount;
import dev.loomgate.cli.options.PythonProgramOptions;
import dev.loomgate.cli.options.ReloadOptions;
import dev.loomgate.cli.options.ServeOptions;
import dev.loomgate.cli.options.StaticMap;
import dev.loomgate.cli.options.UwsgiOptions;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.WorkerMode;
import dev.loomgate.server.Limits;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/// `loomgate --app ...`, `loomgate -w ...`: serves applications.
@Command(
        name = "loomgate",
        description = "Serves applications in Java and in Python over HTTP, or over the uwsgi protocol behind nginx.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        customSynopsis = {
            "loomgate (--http HOST:PORT | -s SOCKET)... --app CLASS|FILE.java [OPTIONS]",
            "       loomgate (--http HOST:PORT | -s SOCKET)... -w MODULE[:CALLABLE] [OPTIONS]",
            "       loomgate demo [OPTIONS]"
        },
        footer = {
            "",
            "Signals: SIGTERM and SIGINT stop gracefully, a second one at once; SIGHUP loads Python applications anew;"
                    + " SIGUSR1 writes down all microthreads,"
                    + " SIGQUIT the JVM's threads.",
            "",
            "  loomgate --http 127.0.0.1:8000 --app Hello.java",
            "  loomgate -s /run/shop.sock --classpath shop.jar --app com.example.Shop",
            "  loomgate --asyncio 512 -s /tmp/uwsgi.sock --greenlet -w your_package.uwsgi",
            "  loomgate --http :8000 --mount /shop=java:com.example.Shop --mount /wiki=wiki.wsgi --processes 2"
        })
final class LoomgateCommand implements Callable<Integer> {
    private static final int WORKERS_A_LOOP = 4;

    private final ServerLog log;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Mixin
    private ApplicationOptions application = new ApplicationOptions();

    @Mixin
    private PythonProgramOptions python = new PythonProgramOptions();

    @Mixin
    private ReloadOptions reload = new ReloadOptions();

    @Mixin
    private ServeOptions options = new ServeOptions();

    @SuppressWarnings("UnusedVariable") // its options are accepted, nothing more
    @Mixin
    private UwsgiOptions uwsgi = new UwsgiOptions();

    LoomgateCommand(ServerLog log) {
        this.log = log;
    }

    @Override
    public Integer call() {
        Optional<ApplicationName> root = checked(application::root);
        List<Mount> mounts = checked(application::mounts);
        List<StaticMap> files = checked(() -> application.staticMaps(python.workingDirectory()));
        if (root.isEmpty() && mounts.isEmpty() && files.isEmpty()) {
            throw wrong("nothing to run: give an application (--app CLASS or FILE.java, -w PYTHON.MODULE), files"
                    + " (--static-map /=DIRECTORY), or the command demo");
        }
        if (options.addresses().isEmpty()) {
            throw wrong("nothing to listen on: give an address (--http 127.0.0.1:8000, or -s /run/app.sock for nginx)");
        }
        if (pythonAlone(root, mounts)) {
            // One loop has all work of a Python application, and feeds several workers.
            options.pythonAlone(Math.ceilDiv(python.processes(), WORKERS_A_LOOP));
        }
        Map<String, Object> shown = given();
        WorkerMode mode = hasPython(root, mounts) ? checked(options::workerMode) : new WorkerMode.Sync();
        checked(() -> python.with(PythonOptions.module("checked"), mode, shown));
        Limits limits = checked(options::serverOptions).limits();
        return new Serving(log, command, options)
                .reloadOn(
                        reload.touchReload(python.workingDirectory()), python.sourceDirectories(), reload.autoReload())
                .run(
                        () -> new Site(
                                        application.classPath(),
                                        program -> python.with(
                                                program.requestTimeout(limits.requestTimeout())
                                                        .spool(options.spool())
                                                        .bufferSize(limits.maxHeaderBytes()),
                                                mode,
                                                shown))
                                .load(root, mounts, files),
                        options.addresses());
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

    /// The options as they were given, for `uwsgi.opt`.
    private Map<String, Object> given() {
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
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
