package dev.loomgate.python;

import dev.loomgate.loop.settings.InvalidSetting;
import dev.loomgate.loop.spool.Spool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A Python program and how it is run.
///
/// @param module the module with the application, `package.module` or `package.module:callable`; or null
/// @param file the source file with the application; or null
/// @param paste what Paste Deploy makes the application of, `config:/path.ini`; or null
/// @param code Python source text with the application; or null
/// @param callable the application's name in it
/// @param interpreter the Python interpreter: a path, or a name to be found on PATH. `python3`, or what the system
///     property `loomgate.python` says, which the launcher sets where pip has installed it
/// @param home a virtual environment, whose interpreter is taken; or null
/// @param pythonPath put before Python's module search path
/// @param directory the working directory; or null for the server's
/// @param setup what the program finds when it begins
/// @param environment environment variables on top of the server's
/// @param processes workers, 1 to 1024; the most, where their number follows the load
/// @param mode how a worker runs requests
/// @param asgi how the program is called, and how a worker runs requests of an ASGI application
/// @param lazyApps whether each worker imports the program itself, instead of getting it by fork
/// @param needApp whether a program that can't be loaded ends the server
/// @param maxRequests after so many requests a worker is replaced; 0 for never
/// @param maxRequestsDelta up to this many more, at random, so that not all are replaced at once
/// @param reloadOnRssBytes a worker that has more resident memory is replaced; 0 for never
/// @param cheaper how many of the workers there are
/// @param replacement when else one is replaced
/// @param spooler processes that do tasks in the background
/// @param mules processes beside the workers
/// @param maxResponseHeadBytes most bytes of a response's status and headers, 1024 to 917504; a larger head is a 500
/// @param startTimeout for the program to be loaded
/// @param reloadMercy for the requests of workers that are replaced to end
/// @param requestTimeout for a request to end whose client has disconnected, before its worker is replaced; zero for
/// no limit. The server's own limit is the one that the other requests are under
/// @param spool where responses wait for slow clients
/// @param bufferSize the most bytes that a request's head may have, for `uwsgi.buffer_size`
/// @param signalQueue how many signals of the `uwsgi` module may wait for a process, 1 to 65536
/// @param signalSources what raises such signals, besides the program
/// @param maxOutputLine bytes of a line that the program writes, past which it is logged in pieces
/// @param requestIds whether requests have their ids in environ, `loomgate.request_id`, and lines that the program
///     writes are told with those of their requests
/// @param tellsWorkers whether each request's log variables say which worker has answered: `loomgate.worker`
///     (its number), `loomgate.pid`, and in mode sync `loomgate.core`
/// @param shim whether asyncio code of 2014 is helped to run on today's Python
/// @param titles what `ps` shows of its processes; or null for their command lines
/// @param shared what its workers share through the `uwsgi` module
/// @param shown what `uwsgi.opt` shows to the program
/// @param settingNames what messages call a setting, by its name here: a program whose users know `directory` by
/// another name gives that
public record PythonOptions(
        @Nullable String module,
        @Nullable Path file,
        @Nullable String paste,
        @Nullable String code,
        String callable,
        String interpreter,
        @Nullable Path home,
        List<Path> pythonPath,
        @Nullable Path directory,
        ProgramSetup setup,
        Map<String, String> environment,
        int processes,
        WorkerMode mode,
        AsgiOptions asgi,
        boolean lazyApps,
        boolean needApp,
        int maxRequests,
        int maxRequestsDelta,
        long reloadOnRssBytes,
        CheaperOptions cheaper,
        ReplacementOptions replacement,
        SpoolerOptions spooler,
        MuleOptions mules,
        int maxResponseHeadBytes,
        Duration startTimeout,
        Duration reloadMercy,
        Duration requestTimeout,
        Spool spool,
        int bufferSize,
        int signalQueue,
        SignalSources signalSources,
        int maxOutputLine,
        boolean requestIds,
        boolean tellsWorkers,
        boolean shim,
        @Nullable Titles titles,
        SharedOptions shared,
        Map<String, Object> shown,
        UnaryOperator<String> settingNames) {
    /// What `ps` shows of a program's processes.
    ///
    /// @param zygote of the process that imports the program
    /// @param worker of a worker, with `{id}` for its number
    public record Titles(String zygote, String worker) {}

    /// Answers every request with 500.
    private static final String NOTHING = "loomgate_worker.zygote.nothing:application";

    private static final int LEAST_OUTPUT_LINE = 1 << 10;
    private static final int MOST_OUTPUT_LINE = 16 << 20;

    private static final int MAX_SIGNAL_QUEUE = 1 << 16;

    private static final int MIN_RESPONSE_HEAD_BYTES = 1024;
    // A frame has room for it and the beginning of a body.
    private static final int MAX_RESPONSE_HEAD_BYTES = 896 << 10;

    /// @throws IllegalArgumentException if an option is out of range; the message names it
    public PythonOptions {
        if (Stream.of(module, file, paste, code).filter(Objects::nonNull).count() > 1) {
            throw new IllegalArgumentException("a Python application is a module or a file, and not both");
        }
        InvalidSetting.requireBetween(1, 1024, "processes", processes);
        if (cheaper.least() >= processes && cheaper.followsLoad()) {
            throw new InvalidSetting(
                    "cheaper", "is %d, it must be less than the %d workers".formatted(cheaper.least(), processes));
        }
        InvalidSetting.requireNotNegative("maxRequests", maxRequests);
        InvalidSetting.requireNotNegative("maxRequestsDelta", maxRequestsDelta);
        InvalidSetting.requireNotNegative("reloadOnRssBytes", reloadOnRssBytes);
        InvalidSetting.requireBetween(
                MIN_RESPONSE_HEAD_BYTES, MAX_RESPONSE_HEAD_BYTES, "maxResponseHeadBytes", maxResponseHeadBytes);
        InvalidSetting.requirePositive("startTimeout", startTimeout);
        InvalidSetting.requireNotNegative("reloadMercy", reloadMercy);
        InvalidSetting.requireNotNegative("requestTimeout", requestTimeout);
        InvalidSetting.requireBetween(1, MAX_SIGNAL_QUEUE, "signalQueue", signalQueue);
        signalSources.runs().require(shared.store());
        if (maxOutputLine < LEAST_OUTPUT_LINE || maxOutputLine > MOST_OUTPUT_LINE) {
            throw new InvalidSetting("maxOutputLine", "is " + maxOutputLine + " bytes, it must be in 1k to 16m");
        }
        if (shared.store() == null && !spooler.queues().isEmpty()) {
            throw new InvalidSetting(
                    "store", "is needed for the spooler " + spooler.queues().getFirst());
        }
        pythonPath = List.copyOf(pythonPath);
        environment = Map.copyOf(environment);
        shown = Collections.unmodifiableMap(new LinkedHashMap<>(shown)); // in their order, as in uWSGI
    }

    /// Whether it says what to run.
    public boolean namesProgram() {
        return module != null || file != null || paste != null || code != null;
    }

    /// What people know the program by: the module, the file, what Paste Deploy makes it of, or the name that
    /// uWSGI gives to the module of a text.
    public String name() {
        if (paste != null) {
            return paste;
        }
        if (code != null) {
            return "uwsgi_eval_config";
        }
        return module == null ? String.valueOf(file) : NOTHING.equals(module) ? "no application" : module;
    }

    /// What messages call a setting of these.
    public String nameOf(String setting) {
        return settingNames.apply(setting);
    }

    /// The default options, of no program yet.
    public static PythonOptions defaults() {
        return builder().build();
    }

    /// The default options, to be changed. What is built from it has no program yet ([#withModule], [#withFile]).
    public static Builder builder() {
        return new Builder(null, null);
    }

    /// The same options with this module instead.
    ///
    /// @param name as for [#module(String)]
    public PythonOptions withModule(String name) {
        return with(name, null, null, null, setup, spooler, mules, settingNames);
    }

    /// The same options with this source file instead.
    public PythonOptions withFile(Path path) {
        return with(null, path, null, null, setup, spooler, mules, settingNames);
    }

    /// The same options with what Paste Deploy makes of this instead.
    ///
    /// @param configuration `config:/path.ini`, `config:/path.ini#name`, `egg:package`
    public PythonOptions withPaste(String configuration) {
        return with(null, null, configuration, null, setup, spooler, mules, settingNames);
    }

    /// The same options with this source text instead.
    public PythonOptions withCode(String text) {
        return with(null, null, null, text, setup, spooler, mules, settingNames);
    }

    /// The same options without an application: every request is answered 500, as by uWSGI. For the sake of what
    /// runs beside the workers.
    public PythonOptions withNothing() {
        return with(NOTHING, null, null, null, setup, spooler, mules, settingNames);
    }

    /// The same options, with other names for settings in messages.
    public PythonOptions withSettingNames(UnaryOperator<String> names) {
        return with(module, file, paste, code, setup, spooler, mules, names);
    }

    /// The same options with these spoolers.
    public PythonOptions withSpooler(SpoolerOptions spoolers) {
        return with(module, file, paste, code, setup, spoolers, mules, settingNames);
    }

    /// The same options with these mules.
    public PythonOptions withMules(MuleOptions others) {
        return with(module, file, paste, code, setup, spooler, others, settingNames);
    }

    /// The same options without a script ([ProgramSetup#script]).
    public PythonOptions withoutScript() {
        return with(module, file, paste, code, setup.withoutScript(), spooler, mules, settingNames);
    }

    /// The same options with no processes beside the workers, and no script.
    public PythonOptions alone() {
        return withSpooler(spooler.elsewhere())
                .withMules(MuleOptions.defaults())
                .withoutScript();
    }

    private PythonOptions with(
            @Nullable String otherModule,
            @Nullable Path otherFile,
            @Nullable String otherPaste,
            @Nullable String otherCode,
            ProgramSetup otherSetup,
            SpoolerOptions otherSpooler,
            MuleOptions otherMules,
            UnaryOperator<String> otherNames) {
        return new PythonOptions(
                otherModule,
                otherFile,
                otherPaste,
                otherCode,
                callable,
                interpreter,
                home,
                pythonPath,
                directory,
                otherSetup,
                environment,
                processes,
                mode,
                asgi,
                lazyApps,
                needApp,
                maxRequests,
                maxRequestsDelta,
                reloadOnRssBytes,
                cheaper,
                replacement,
                otherSpooler,
                otherMules,
                maxResponseHeadBytes,
                startTimeout,
                reloadMercy,
                requestTimeout,
                spool,
                bufferSize,
                signalQueue,
                signalSources,
                maxOutputLine,
                requestIds,
                tellsWorkers,
                shim,
                titles,
                shared,
                shown,
                otherNames);
    }

    /// The default options with this module, to be changed.
    ///
    /// @param module `package.module` or `package.module:callable`
    public static Builder module(String module) {
        return new Builder(module, null);
    }

    /// The default options with this source file, to be changed.
    public static Builder file(Path file) {
        return new Builder(null, file);
    }

    /// Changes some options. Used by one thread.
    public static final class Builder {
        private final @Nullable String module;
        private final @Nullable Path file;
        private String callable = "application";
        private String interpreter = System.getProperty("loomgate.python", "python3");
        private @Nullable Path home;
        private List<Path> pythonPath = List.of();
        private @Nullable Path directory;
        private int optimize;
        private @Nullable Path script;
        private List<String> arguments = List.of();
        private List<String> sharedImports = List.of();
        private List<String> imports = List.of();
        private boolean fileWrapper = true;
        private @Nullable Path directoryAfter;
        private boolean input;
        private long addressSpaceBytes;
        private int threadStackBytes;
        private @Nullable String pasteName;
        private boolean pasteLoggers;
        private Map<String, String> environment = new LinkedHashMap<>();
        private int processes = 1;
        private WorkerMode mode = new WorkerMode.Sync();
        private AsgiOptions asgi = AsgiOptions.defaults();
        private boolean lazyApps;
        private boolean needApp;
        private int maxRequests;
        private int maxRequestsDelta;
        private long reloadOnRssBytes;
        private CheaperOptions cheaper = CheaperOptions.defaults();
        private ReplacementOptions replacement = ReplacementOptions.defaults();
        private SpoolerOptions spooler = SpoolerOptions.defaults();
        private MuleOptions mules = MuleOptions.defaults();
        private int maxResponseHeadBytes = 512 << 10;
        private Duration startTimeout = Duration.ofMinutes(2);
        private Duration reloadMercy = Duration.ofSeconds(60);
        private Duration requestTimeout = Duration.ZERO;
        private Spool spool = Spool.defaults();
        private int bufferSize = 65535;
        private int signalQueue = 256;
        private SignalSources signalSources = SignalSources.none();
        private int maxOutputLine = 1 << 20;
        private boolean requestIds;
        private boolean tellsWorkers;
        private boolean shim = true;
        private @Nullable Titles titles;
        private SharedOptions shared = SharedOptions.none();
        private Map<String, Object> shown = Map.of();
        private UnaryOperator<String> settingNames = UnaryOperator.identity();

        private Builder(@Nullable String module, @Nullable Path file) {
            this.module = module;
            this.file = file;
        }

        public Builder callable(String name) {
            callable = name;
            return this;
        }

        public Builder interpreter(String pathOrName) {
            interpreter = pathOrName;
            return this;
        }

        public Builder home(@Nullable Path virtualEnvironment) {
            home = virtualEnvironment;
            return this;
        }

        public Builder pythonPath(List<Path> first) {
            pythonPath = first;
            return this;
        }

        public Builder directory(@Nullable Path working) {
            directory = working;
            return this;
        }

        /// [ProgramSetup#optimize].
        public Builder optimize(int level) {
            optimize = level;
            return this;
        }

        /// [ProgramSetup#script].
        public Builder script(@Nullable Path pythonFile) {
            script = pythonFile;
            return this;
        }

        /// [ProgramSetup#arguments].
        public Builder arguments(List<String> afterTheFirst) {
            arguments = afterTheFirst;
            return this;
        }

        /// [ProgramSetup#sharedImports].
        public Builder sharedImports(List<String> names) {
            sharedImports = names;
            return this;
        }

        /// [ProgramSetup#imports].
        public Builder imports(List<String> names) {
            imports = names;
            return this;
        }

        /// [ProgramSetup#fileWrapper].
        public Builder fileWrapper(boolean on) {
            fileWrapper = on;
            return this;
        }

        /// [ProgramSetup#directoryAfter].
        public Builder directoryAfter(@Nullable Path working) {
            directoryAfter = working;
            return this;
        }

        /// [ProgramSetup#input].
        public Builder input(boolean on) {
            input = on;
            return this;
        }

        /// [ProgramSetup#addressSpaceBytes].
        public Builder addressSpaceBytes(long most) {
            addressSpaceBytes = most;
            return this;
        }

        /// [ProgramSetup#threadStackBytes].
        public Builder threadStackBytes(int bytes) {
            threadStackBytes = bytes;
            return this;
        }

        /// [ProgramSetup#pasteName] and [ProgramSetup#pasteLoggers].
        public Builder paste(@Nullable String name, boolean loggers) {
            pasteName = name;
            pasteLoggers = loggers;
            return this;
        }

        public Builder environment(Map<String, String> variables) {
            environment = variables;
            return this;
        }

        /// @param count 1 to 1024
        public Builder processes(int count) {
            processes = count;
            return this;
        }

        public Builder mode(WorkerMode how) {
            mode = how;
            return this;
        }

        public Builder asgi(AsgiOptions how) {
            asgi = how;
            return this;
        }

        public Builder lazyApps(boolean lazy) {
            lazyApps = lazy;
            return this;
        }

        public Builder needApp(boolean need) {
            needApp = need;
            return this;
        }

        /// @param requests not negative; 0 for no limit
        public Builder maxRequests(int requests) {
            maxRequests = requests;
            return this;
        }

        /// @param requests not negative
        public Builder maxRequestsDelta(int requests) {
            maxRequestsDelta = requests;
            return this;
        }

        /// @param bytes not negative; 0 for no limit
        public Builder reloadOnRssBytes(long bytes) {
            reloadOnRssBytes = bytes;
            return this;
        }

        public Builder cheaper(CheaperOptions how) {
            cheaper = how;
            return this;
        }

        public Builder replacement(ReplacementOptions when) {
            replacement = when;
            return this;
        }

        public Builder spooler(SpoolerOptions tasks) {
            spooler = tasks;
            return this;
        }

        public Builder mules(MuleOptions processes) {
            mules = processes;
            return this;
        }

        /// @param bytes 1024 to 917504
        public Builder maxResponseHeadBytes(int bytes) {
            maxResponseHeadBytes = bytes;
            return this;
        }

        public Builder startTimeout(Duration limit) {
            startTimeout = limit;
            return this;
        }

        public Builder reloadMercy(Duration limit) {
            reloadMercy = limit;
            return this;
        }

        public Builder requestTimeout(Duration limit) {
            requestTimeout = limit;
            return this;
        }

        /// @param shared may be shared by several programs
        public Builder spool(Spool shared) {
            spool = shared;
            return this;
        }

        public Builder bufferSize(int bytes) {
            bufferSize = bytes;
            return this;
        }

        /// @param signals 1 to 65536
        public Builder signalQueue(int signals) {
            signalQueue = signals;
            return this;
        }

        public Builder signalSources(SignalSources others) {
            signalSources = others;
            return this;
        }

        /// @param bytes 1 KiB to 16 MiB
        public Builder maxOutputLine(int bytes) {
            maxOutputLine = bytes;
            return this;
        }

        /// @param on where logs name requests
        public Builder requestIds(boolean on) {
            requestIds = on;
            return this;
        }

        /// @param on where the access log names processes
        public Builder tellsWorkers(boolean on) {
            tellsWorkers = on;
            return this;
        }

        public Builder shim(boolean on) {
            shim = on;
            return this;
        }

        /// @param zygote of the process that imports the program
        /// @param worker of a worker, with `{id}` for its number
        public Builder titles(String zygote, String worker) {
            titles = new Titles(zygote, worker);
            return this;
        }

        /// What workers share through the `uwsgi` module.
        public Builder shared(SharedOptions asked) {
            shared = asked;
            return this;
        }

        /// @param options values are strings, booleans, or lists of strings
        public Builder shown(Map<String, Object> options) {
            shown = options;
            return this;
        }

        public Builder settingNames(UnaryOperator<String> names) {
            settingNames = names;
            return this;
        }

        /// @throws IllegalArgumentException if an option is out of range; the message names it
        public PythonOptions build() {
            return new PythonOptions(
                    module,
                    file,
                    null,
                    null,
                    callable,
                    interpreter,
                    home,
                    pythonPath,
                    directory,
                    new ProgramSetup(
                            optimize,
                            script,
                            arguments,
                            sharedImports,
                            imports,
                            fileWrapper,
                            directoryAfter,
                            input,
                            addressSpaceBytes,
                            threadStackBytes,
                            pasteName,
                            pasteLoggers),
                    environment,
                    processes,
                    mode,
                    asgi,
                    lazyApps,
                    needApp,
                    maxRequests,
                    maxRequestsDelta,
                    reloadOnRssBytes,
                    cheaper,
                    replacement,
                    spooler,
                    mules,
                    maxResponseHeadBytes,
                    startTimeout,
                    reloadMercy,
                    requestTimeout,
                    spool,
                    bufferSize,
                    signalQueue,
                    signalSources,
                    maxOutputLine,
                    requestIds,
                    tellsWorkers,
                    shim,
                    titles,
                    shared,
                    shown,
                    settingNames);
        }
    }
}
