package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.python.ProgramSetup;
import dev.loomgate.python.PythonOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What a Python program finds when it begins, named as uWSGI names it.
final class PythonSetupOptions {
    private static final ProgramSetup DEFAULTS = PythonOptions.defaults().setup();

    private static final Option<Integer> OPTIMIZE = Option.value(ValueType.NUMBER, "-O", "--optimize")
            .label("LEVEL")
            .sets(
                    DEFAULTS,
                    PythonOptions.Builder.class,
                    "optimize",
                    ProgramSetup::optimize,
                    PythonOptions.Builder::optimize)
            .range(Range.between(0, 2))
            .inUwsgi(Option.SAME)
            .says("Python's -O (1: no assert) and -OO (2: no docstrings either)");

    static final Option<Path> PYRUN = Option.value(ValueType.PATH, "--pyrun", "--py")
            .label("FILE.py")
            .sets(PythonOptions.Builder.class, "script", PythonOptions.Builder::script)
            .inUwsgi("same; there the status is 0 after an exception, and always with --master")
            .says("run a script in the only worker, and listen nowhere: with the uwsgi module, and what else is there"
                    + " beside workers; the server ends with it, and with its exit status");

    private static final Option<String> PYARGV = Option.value(ValueType.TEXT, "--pyargv")
            .label("ARGUMENTS")
            .sets(PythonOptions.Builder.class, "arguments", PythonSetupOptions::arguments)
            .inUwsgi(Option.SAME)
            .says("sys.argv after its first, separated by spaces");

    static final Option<List<String>> SHARED_IMPORT = Option.values(
                    ValueType.TEXT,
                    "--shared-import",
                    "--shared-pyimport",
                    "--shared-py-import",
                    "--shared-python-import")
            .label("MODULE|FILE.py")
            .sets(PythonOptions.Builder.class, "sharedImports", PythonOptions.Builder::sharedImports)
            .inUwsgi(Option.SAME)
            .says("imported once, before workers are forked; a failure is logged, and the start goes on");

    static final Option<List<String>> IMPORT = Option.values(
                    ValueType.TEXT, "--import", "--pyimport", "--py-import", "--python-import")
            .label("MODULE|FILE.py")
            .sets(PythonOptions.Builder.class, "imports", PythonOptions.Builder::imports)
            .inUwsgi(Option.SAME)
            .says("imported before the application, and in each worker with --lazy-apps; a failure is logged, and the"
                    + " start goes on");

    private static final Option<Boolean> NO_FILE_WRAPPER = Option.flag("--wsgi-disable-file-wrapper")
            .sets(PythonOptions.Builder.class, "fileWrapper", (options, off) -> options.fileWrapper(!off))
            .inUwsgi(Option.SAME)
            .says("no wsgi.file_wrapper in environ");

    private static final Option<String> PASTE_NAME = Option.value(ValueType.TEXT, "--paste-name")
            .label("NAME")
            .standardText("")
            .inUwsgi(Option.SAME)
            .says("which application of the file of --paste, if it isn't main");

    private static final Option<Boolean> PASTE_LOGGER = Option.flag("--paste-logger")
            .setting("pasteLoggers")
            .inUwsgi(Option.SAME)
            .says("sets up the loggers of the file of --paste, by logging.config.fileConfig");

    private static final Option<Path> CHDIR2 = Option.value(ValueType.PATH, "--chdir2")
            .label("DIRECTORY")
            .setting("directoryAfter")
            .inUwsgi(Option.SAME)
            .says("the program's working directory once it is loaded");

    private static final Option<Boolean> HONOUR_STDIN = Option.flag("--honour-stdin")
            .sets(PythonOptions.Builder.class, "input", PythonOptions.Builder::input)
            .inUwsgi(Option.SAME)
            .says("programs have the server's standard input, rather than none: for a debugger in a single worker");

    private static final Option<Long> LIMIT_AS = Option.value(ValueType.MEGABYTES, "--limit-as")
            .sets(
                    DEFAULTS,
                    PythonOptions.Builder.class,
                    "addressSpaceBytes",
                    ProgramSetup::addressSpaceBytes,
                    PythonOptions.Builder::addressSpaceBytes)
            .inUwsgi("same, for the processes of Python alone")
            .says("the most address space of a Python process: more memory is refused to it; 0 for no limit");

    private static final Option<Integer> THREAD_STACKSIZE = Option.value(
                    ValueType.NUMBER,
                    "--thread-stacksize",
                    "--threads-stacksize",
                    "--thread-stack-size",
                    "--threads-stack-size")
            .label("KILOBYTES")
            .sets(
                    PythonOptions.Builder.class,
                    "threadStackBytes",
                    (options, kilobytes) -> options.threadStackBytes(
                            (int) Math.max(Integer.MIN_VALUE, Math.min((long) kilobytes << 10, Integer.MAX_VALUE))))
            .standard(0)
            .standardText("the system's")
            .range(Range.between(64, 1 << 20).orNever())
            .inUwsgi(Option.SAME)
            .says("the stack of the threads that run requests (--threads)");

    /// In the order of the help.
    static final List<Option<?>> ALL = List.of(
            OPTIMIZE,
            PYRUN,
            PYARGV,
            SHARED_IMPORT,
            IMPORT,
            NO_FILE_WRAPPER,
            PASTE_NAME,
            PASTE_LOGGER,
            CHDIR2,
            HONOUR_STDIN,
            LIMIT_AS,
            THREAD_STACKSIZE);

    private PythonSetupOptions() {}

    /// Sets what isn't one component of the program's options.
    static void applyTo(PythonOptions.Builder program, OptionValues values) {
        program.paste(
                        values.given(PASTE_NAME).orElse(null),
                        values.of(PASTE_LOGGER) || ConfigOptions.pasteLoggers(values))
                .directoryAfter(values.given(CHDIR2).orElse(null));
    }

    private static void arguments(PythonOptions.Builder program, String text) {
        program.arguments(Stream.of(text.split("[ \t]", -1))
                .filter(argument -> !argument.isEmpty())
                .toList());
    }
}
