package dev.loomgate.cli.options;

import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.WorkerMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How Python applications are loaded and run, named as uWSGI names it.
public final class PythonProgramOptions {
    @Option(
            names = "--callable",
            paramLabel = "NAME",
            description = "the application's name in its module or file (default: application)")
    private String callable = "application";

    @Option(
            names = {"--pythonpath", "--python-path", "--pp"},
            paramLabel = "DIRECTORY",
            description = "put before Python's module search path; repeatable")
    private List<Path> pythonPath = new ArrayList<>();

    @Option(
            names = {"-H", "--virtualenv", "--home", "--venv"},
            paramLabel = "DIRECTORY",
            description = "a virtual environment, whose interpreter and packages are taken")
    private @Nullable Path home;

    @Option(
            names = "--python",
            paramLabel = "PROGRAM",
            description = "the interpreter, CPython 3.8 or later (default: python3)")
    private String interpreter = "python3";

    @Option(names = "--chdir", paramLabel = "DIRECTORY", description = "the program's working directory")
    private @Nullable Path directory;

    @Option(
            names = "--env",
            paramLabel = "NAME=VALUE",
            mapFallbackValue = "",
            description = "an environment variable of the program; repeatable")
    private Map<String, String> environment = new LinkedHashMap<>();

    @Option(
            names = {"-p", "--processes", "--workers"},
            paramLabel = "N",
            description = "worker processes of each Python application (default: 1)")
    private int processes = 1;

    @Option(
            names = {"--lazy-apps", "--lazy"},
            description = "each worker imports the program itself; else it is imported once and workers are forked")
    private boolean lazyApps;

    @Option(
            names = "--need-app",
            description = "a program that can't be loaded ends the server; else requests to it are answered 500")
    private boolean needApp;

    @Option(
            names = "--max-requests",
            paramLabel = "N",
            description = "a worker is replaced after so many requests; 0 for never (default: 0)")
    private int maxRequests;

    @Option(
            names = "--max-requests-delta",
            paramLabel = "N",
            description = "up to so many more, by chance, so that not all are replaced at once (default: a tenth of"
                    + " --max-requests)")
    private int maxRequestsDelta = -1;

    @Option(
            names = "--reload-on-rss",
            paramLabel = "MEGABYTES",
            converter = MegabytesText.class,
            description = "a worker with more resident memory is replaced; 0 for never (default: 0)")
    private long reloadOnRssBytes;

    @Option(
            names = "--max-response-head",
            paramLabel = "BYTES",
            converter = SizeText.class,
            description = "status and headers of a Python program's response, up to 896k; nginx takes what"
                    + " uwsgi_buffer_size says (default: 512k)")
    private long maxResponseHeadBytes = 512 << 10;

    @Option(
            names = "--start-timeout",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "for a program to be loaded (default: 2m)")
    private Duration startTimeout = Duration.ofMinutes(2);

    @Option(
            names = "--reload-mercy",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "for the requests of a worker that is replaced to end (default: 60s)")
    private Duration reloadMercy = Duration.ofSeconds(60);

    @Option(
            names = "--max-output-line",
            paramLabel = "BYTES",
            converter = SizeText.class,
            description = "a longer line that a program writes is logged in pieces (default: 1m)")
    private long maxOutputLine = 1 << 20;

    @Option(
            names = "--no-asyncio-shim",
            description = "don't help asyncio code of 2014 (asyncio.coroutine, tasks of generators) to run")
    private boolean noShim;

    /// The number of workers of an application.
    public int processes() {
        return processes;
    }

    /// A program's options: what it is, and these.
    ///
    /// @param program begun with the module or the file
    /// @param shown what `uwsgi.opt` shows
    /// @throws IllegalArgumentException if a value is out of range; the message names its option
    public PythonOptions with(PythonOptions.Builder program, WorkerMode mode, Map<String, Object> shown) {
        return program.callable(callable)
                .pythonPath(pythonPath)
                .home(home)
                .interpreter(interpreter)
                .directory(workingDirectory())
                .environment(environment)
                .processes(processes)
                .mode(mode)
                .lazyApps(lazyApps)
                .needApp(needApp)
                .maxRequests(maxRequests)
                .maxRequestsDelta(maxRequestsDelta < 0 ? maxRequests / 10 : maxRequestsDelta)
                .reloadOnRssBytes(reloadOnRssBytes)
                .maxResponseHeadBytes((int) Math.min(maxResponseHeadBytes, Integer.MAX_VALUE))
                .startTimeout(startTimeout)
                .reloadMercy(reloadMercy)
                .maxOutputLine((int) Math.min(maxOutputLine, Integer.MAX_VALUE))
                .shim(!noShim)
                .shown(shown)
                .build();
    }

    /// Where the program runs, and what relative paths of its options are relative to.
    public Path workingDirectory() {
        return directory == null ? StartDirectory.path() : StartDirectory.path().resolve(directory);
    }

    /// The directories whose source files the program is made of: its working directory and the module search
    /// path's beginning.
    public List<Path> sourceDirectories() {
        List<Path> all = new ArrayList<>();
        all.add(workingDirectory());
        pythonPath.forEach(each -> all.add(workingDirectory().resolve(each)));
        return all;
    }
}
