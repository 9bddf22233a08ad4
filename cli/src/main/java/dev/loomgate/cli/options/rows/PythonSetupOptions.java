package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.python.ProgramSetup;
import dev.loomgate.python.PythonOptions;
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

    private static final Option<String> PYARGV = Option.value(ValueType.TEXT, "--pyargv")
            .label("ARGUMENTS")
            .sets(PythonOptions.Builder.class, "arguments", PythonSetupOptions::arguments)
            .inUwsgi(Option.SAME)
            .says("sys.argv after its first, separated by spaces");

    private static final Option<List<String>> SHARED_IMPORT = Option.values(
                    ValueType.TEXT,
                    "--shared-import",
                    "--shared-pyimport",
                    "--shared-py-import",
                    "--shared-python-import")
            .label("MODULE|FILE.py")
            .sets(PythonOptions.Builder.class, "sharedImports", PythonOptions.Builder::sharedImports)
            .inUwsgi(Option.SAME)
            .says("imported once, before workers are forked; a failure is logged, and the start goes on");

    private static final Option<List<String>> IMPORT = Option.values(
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

    /// In the order of the help.
    static final List<Option<?>> ALL = List.of(OPTIMIZE, PYARGV, SHARED_IMPORT, IMPORT, NO_FILE_WRAPPER);

    private PythonSetupOptions() {}

    private static void arguments(PythonOptions.Builder program, String text) {
        program.arguments(Stream.of(text.split(" ", -1))
                .filter(argument -> !argument.isEmpty())
                .toList());
    }
}
