package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.SignalSources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;

/// How Python applications are loaded and run, named as uWSGI names it.
public final class PythonProgramOptions {
    private static final PythonOptions DEFAULTS = PythonOptions.defaults();

    static final Option<String> CALLABLE = python(
                    Option.value(ValueType.TEXT, "--callable"),
                    "callable",
                    PythonOptions::callable,
                    PythonOptions.Builder::callable)
            .label("NAME")
            .inUwsgi(Option.SAME)
            .says("the application's name in its module or file");

    static final Option<List<Path>> PYTHONPATH = Option.values(ValueType.PATH, "--pythonpath", "--python-path", "--pp")
            .label("DIRECTORY")
            .sets(PythonOptions.Builder.class, "pythonPath", PythonOptions.Builder::pythonPath)
            .inUwsgi(Option.SAME)
            .says("added to the front of Python's module search path");

    static final Option<Path> HOME = Option.value(ValueType.PATH, "-H", "--virtualenv", "--home", "--venv", "--pyhome")
            .label("DIRECTORY")
            .sets(PythonOptions.Builder.class, "home", PythonOptions.Builder::home)
            .setting("home", "--home")
            .inUwsgi(Option.SAME)
            .says("a virtual environment, whose interpreter and packages are used");

    static final Option<String> PYTHON = python(
                    Option.value(ValueType.TEXT, "--python"),
                    "interpreter",
                    PythonOptions::interpreter,
                    PythonOptions.Builder::interpreter)
            .label("PROGRAM")
            .inUwsgi("there a script to run")
            .says("the interpreter, CPython 3.8 or later");

    static final Option<Path> CHDIR = Option.value(ValueType.PATH, "--chdir")
            .label("DIRECTORY")
            .standardText("the server's")
            .setting("directory")
            .inUwsgi(Option.SAME)
            .says("the program's working directory");

    static final Option<List<Map.Entry<String, String>>> ENV = Option.values(ValueType.VARIABLE, "--env")
            .sets(PythonOptions.Builder.class, "environment", PythonProgramOptions::environment)
            .inUwsgi("NAME alone removes the variable")
            .says("an environment variable of the program; NAME alone has the empty value");

    /// The number of workers of each Python application.
    public static final Option<Integer> PROCESSES = python(
                    Option.value(ValueType.NUMBER, "-p", "--processes", "--workers"),
                    "processes",
                    PythonOptions::processes,
                    PythonOptions.Builder::processes)
            .range(Range.between(1, 1024))
            .inUwsgi(Option.SAME)
            .says("worker processes of each Python application");

    static final Option<Boolean> LAZY_APPS = python(
                    Option.flag("--lazy-apps", "--lazy"),
                    "lazyApps",
                    PythonOptions::lazyApps,
                    PythonOptions.Builder::lazyApps)
            .inUwsgi(Option.SAME)
            .says("each worker imports the program itself, instead of being forked after the import");

    static final Option<Boolean> NEED_APP = python(
                    Option.value(ValueType.ON_OFF, "--need-app"),
                    "needApp",
                    PythonOptions::needApp,
                    PythonOptions.Builder::needApp)
            .leftOut("yes")
            .standardText("")
            .inUwsgi(Option.SAME)
            .says("a program that can't be loaded ends the server; otherwise requests to it are answered 500");

    static final Option<Integer> MAX_REQUESTS = python(
                    Option.value(ValueType.NUMBER, "-R", "--max-requests"),
                    "maxRequests",
                    PythonOptions::maxRequests,
                    PythonOptions.Builder::maxRequests)
            .range(Range.atLeast(0))
            .inUwsgi(Option.SAME)
            .says("a worker is replaced after this many requests; 0 for never");

    static final Option<Integer> MAX_REQUESTS_DELTA = Option.value(ValueType.NUMBER, "--max-requests-delta")
            .standardText("a tenth of --max-requests")
            .range(Range.atLeast(0))
            .setting("maxRequestsDelta")
            .inUwsgi(Option.SAME)
            .says("up to that many more, at random, so that not all workers are replaced at once");

    static final Option<Long> RELOAD_ON_RSS = python(
                    Option.value(ValueType.MEGABYTES, "--reload-on-rss"),
                    "reloadOnRssBytes",
                    PythonOptions::reloadOnRssBytes,
                    PythonOptions.Builder::reloadOnRssBytes)
            .inUwsgi(Option.SAME)
            .says("a worker with more resident memory is replaced; 0 for never");

    static final Option<Integer> MAX_RESPONSE_HEAD = python(
                    Option.value(ValueType.SIZE, "--max-response-head"),
                    "maxResponseHeadBytes",
                    PythonOptions::maxResponseHeadBytes,
                    PythonOptions.Builder::maxResponseHeadBytes)
            .range(Range.between(1024, 896 << 10))
            .past("500")
            .says("status and headers of a Python program's response; nginx accepts what its "
                    + "uwsgi_buffer_size allows");

    static final Option<Duration> START_TIMEOUT = python(
                    Option.value(ValueType.TIME, "--start-timeout"),
                    "startTimeout",
                    PythonOptions::startTimeout,
                    PythonOptions.Builder::startTimeout)
            .range(Range.positive())
            .says("time for a program to load");

    static final Option<Duration> RELOAD_MERCY = python(
                    Option.value(ValueType.TIME, "--reload-mercy"),
                    "reloadMercy",
                    PythonOptions::reloadMercy,
                    PythonOptions.Builder::reloadMercy)
            .inUwsgi(Option.SAME)
            .says("time for a worker that is being replaced to finish its requests");

    static final Option<Duration> WORKER_RELOAD_MERCY = Option.value(ValueType.TIME, "--worker-reload-mercy")
            .standardText("--reload-mercy")
            .inUwsgi(Option.SAME)
            .says("the same, and it counts before --reload-mercy");

    static final Option<Integer> MAX_OUTPUT_LINE = python(
                    Option.value(ValueType.SIZE, "--max-output-line"),
                    "maxOutputLine",
                    PythonOptions::maxOutputLine,
                    PythonOptions.Builder::maxOutputLine)
            .range(Range.between(1 << 10, 16 << 20))
            .says("a longer line that a program writes is logged in pieces");

    static final Option<Boolean> NO_ASYNCIO_SHIM = Option.flag("--no-asyncio-shim")
            .sets(PythonOptions.Builder.class, "shim", (options, off) -> options.shim(!off))
            .says("don't patch asyncio so that code of 2014 (asyncio.coroutine, tasks of generators) runs");

    /// In the order of the help.
    public static final List<Option<?>> ALL = Stream.concat(
                    Stream.of(
                            CALLABLE,
                            PYTHONPATH,
                            HOME,
                            PYTHON,
                            CHDIR,
                            ENV,
                            PROCESSES,
                            LAZY_APPS,
                            NEED_APP,
                            MAX_REQUESTS,
                            MAX_REQUESTS_DELTA,
                            RELOAD_ON_RSS,
                            MAX_RESPONSE_HEAD,
                            START_TIMEOUT,
                            RELOAD_MERCY,
                            WORKER_RELOAD_MERCY,
                            MAX_OUTPUT_LINE,
                            NO_ASYNCIO_SHIM),
                    PythonSetupOptions.ALL.stream())
            .toList();

    private PythonProgramOptions() {}

    /// What is run instead of answering requests; empty for nothing.
    public static Optional<Path> script(OptionValues values) {
        return values.given(PythonSetupOptions.PYRUN);
    }

    private static <T> Option.Builder<T> python(
            Option.Builder<T> option,
            String setting,
            Function<PythonOptions, T> component,
            BiConsumer<PythonOptions.Builder, T> setter) {
        return option.sets(DEFAULTS, PythonOptions.Builder.class, setting, component, setter);
    }

    private static void environment(PythonOptions.Builder program, List<Map.Entry<String, String>> variables) {
        Map<String, String> all = new LinkedHashMap<>();
        variables.forEach(variable -> all.put(variable.getKey(), variable.getValue()));
        program.environment(all);
    }

    /// Sets these options.
    ///
    /// @param program gets them
    public static void applyTo(PythonOptions.Builder program, OptionValues values) {
        values.applyTo(program);
        PythonSetupOptions.applyTo(program, values);
        program.asgi(AsgiSetupOptions.asgi(values))
                .cheaper(WorkerCountOptions.cheaper(values))
                .replacement(WorkerAgeOptions.replacement(values))
                .spooler(SpoolerTaskOptions.spooler(values))
                .mules(MuleProcessOptions.mules(values))
                .shared(SharingOptions.shared(values, workingDirectory(values)))
                .signalSources(new SignalSources(
                        CronOptions.timers(values),
                        TouchOptions.watched(values, workingDirectory(values)),
                        CronOptions.runs(values)));
        // As uWSGI's users have it: not all workers at once.
        values.given(WORKER_RELOAD_MERCY).ifPresent(program::reloadMercy);
        program.maxRequestsDelta(values.given(MAX_REQUESTS_DELTA).orElseGet(() -> values.of(MAX_REQUESTS) / 10))
                .directory(workingDirectory(values));
    }

    /// Where the program runs, and what relative paths of its options are relative to.
    public static Path workingDirectory(OptionValues values) {
        return values.given(CHDIR).map(StartDirectory.path()::resolve).orElseGet(StartDirectory::path);
    }

    /// What paths of sockets are relative to: `--chdir`, which is entered before they are bound. Without it they
    /// stay as they are given.
    static Path directoryOfSockets(OptionValues values) {
        return values.given(CHDIR).isPresent() ? workingDirectory(values) : Path.of("");
    }

    /// The directories whose source files the program is made of: its working directory and the module search
    /// path's beginning.
    public static List<Path> sourceDirectories(OptionValues values) {
        Path directory = workingDirectory(values);
        List<Path> all = new ArrayList<>();
        all.add(directory);
        values.of(PYTHONPATH).forEach(each -> all.add(directory.resolve(each)));
        return all;
    }
}
