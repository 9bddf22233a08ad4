package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.SpoolPlaceText;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.python.SpoolPlace;
import dev.loomgate.python.SpoolerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// Spoolers, which do a Python application's tasks in the background. Named as uWSGI names them.
public final class SpoolerTaskOptions {
    private static final SpoolerOptions DEFAULTS = SpoolerOptions.defaults();

    static final Option<List<String>> SPOOLER = Option.values(ValueType.TEXT, "-Q", "--spooler")
            .label("DIRECTORY|redis:QUEUE")
            .sets(
                    SpoolerOptions.Builder.class,
                    "spoolers",
                    (options, places) -> options.places(places("--spooler", places)))
            .inUwsgi("as root, it makes the directory before --uid counts; queues are our own")
            .says(
                    "do the tasks that uwsgi.spool writes to this directory, which is made if it isn't there; or those of"
                            + " this queue in --redis, which several servers share. After the queue, with commas: length=1000000,"
                            + " size=1000k, dead=10000, prefetch=N, attempts=10, losses=10, backoff=1s, max_backoff=1h, lease=30s");

    private static final Option<List<String>> EXTERNAL = Option.values(ValueType.TEXT, "--spooler-external")
            .label("DIRECTORY|redis:QUEUE")
            .sets(
                    SpoolerOptions.Builder.class,
                    "spoolerExternals",
                    (options, places) -> options.externalPlaces(places("--spooler-external", places)))
            .inUwsgi("with --spooler, the first one given is where tasks go that name none; queues are our own")
            .says("uwsgi.spool may write tasks to this directory or queue, which another server does");

    private static final Option<Integer> PROCESSES = spooler(
                    Option.value(ValueType.NUMBER, "--spooler-processes"),
                    "spoolerProcesses",
                    SpoolerOptions::processes,
                    SpoolerOptions.Builder::processes)
            .range(Range.between(1, 64))
            .inUwsgi(Option.SAME)
            .says("processes that share the tasks of a directory, or of a queue in this server");

    private static final Option<Duration> FREQUENCY = spooler(
                    Option.value(ValueType.TIME, "--spooler-frequency", "--spooler-freq"),
                    "spoolerFrequency",
                    SpoolerOptions::frequency,
                    SpoolerOptions.Builder::frequency)
            .range(Range.atLeast(Duration.ofSeconds(1)))
            .inUwsgi(Option.SAME)
            .says(
                    "how often a spooler looks into its directory for tasks that others have written, and for those to be tried"
                            + " again");

    private static final Option<Boolean> ORDERED = spooler(
                    Option.flag("--spooler-ordered"),
                    "spoolerOrdered",
                    SpoolerOptions::ordered,
                    SpoolerOptions.Builder::ordered)
            .inUwsgi("without it, tasks with a priority don't run there")
            .says(
                    "do a directory's tasks in the order of their names, those of a smaller priority first; queues have an order"
                            + " always");

    private static final Option<Integer> MAX_TASKS = spooler(
                    Option.value(ValueType.NUMBER, "--spooler-max-tasks"),
                    "spoolerMaxTasks",
                    SpoolerOptions::maxTasks,
                    SpoolerOptions.Builder::maxTasks)
            .range(Range.atLeast(0))
            .inUwsgi(Option.SAME)
            .says("a spooler is replaced after this many tasks; 0 for never");

    private static final Option<Boolean> SIGNAL_AS_TASK = spooler(
                    Option.flag("--spooler-signal-as-task"),
                    "spoolerSignalsCount",
                    SpoolerOptions::signalsCount,
                    SpoolerOptions.Builder::signalsCount)
            .inUwsgi(Option.SAME)
            .says("the handler of a signal counts as a task for --spooler-max-tasks");

    private static final Option<Duration> HARAKIRI = spooler(
                    Option.value(ValueType.TIME, "--spooler-harakiri"),
                    "spoolerTaskLimit",
                    SpoolerOptions::taskLimit,
                    SpoolerOptions.Builder::taskLimit)
            .inUwsgi(Option.SAME)
            .says("a spooler that is longer at one task is killed, its stack is logged, and the task is tried again;"
                    + " 0 for no limit");

    private static final Option<Path> CHDIR = Option.value(ValueType.PATH, "--spooler-chdir")
            .label("DIRECTORY")
            .sets(
                    SpoolerOptions.Builder.class,
                    "spoolerChdir",
                    (options, place) -> options.runIn(StartDirectory.path().resolve(place)))
            .standardText("the task's own; of a queue's, the program's")
            .inUwsgi(Option.SAME)
            .says("the working directory of tasks");

    private static final Option<List<String>> IMPORT = Option.values(
                    ValueType.TEXT,
                    "--spooler-import",
                    "--spooler-pyimport",
                    "--spooler-py-import",
                    "--spooler-python-import")
            .label("MODULE|FILE.py")
            .sets(SpoolerOptions.Builder.class, "spoolerImports", SpoolerOptions.Builder::imports)
            .inUwsgi(Option.SAME)
            .says("imported in each spooler, after the program; a failure is logged");

    private static final Option<Boolean> QUIET = spooler(
                    Option.flag("--spooler-quiet"),
                    "spoolerQuiet",
                    SpoolerOptions::quiet,
                    SpoolerOptions.Builder::quiet)
            .inUwsgi(Option.SAME)
            .says("don't log each task");

    private static final Option<Boolean> SYNC = spooler(
                    Option.flag("--spooler-sync"), "spoolerSync", SpoolerOptions::sync, SpoolerOptions.Builder::sync)
            .says(
                    "uwsgi.spool waits until the task is on the disk, so that none is lost when the machine loses power; for"
                            + " directories");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(
            SPOOLER,
            EXTERNAL,
            PROCESSES,
            FREQUENCY,
            ORDERED,
            MAX_TASKS,
            SIGNAL_AS_TASK,
            HARAKIRI,
            CHDIR,
            IMPORT,
            QUIET,
            SYNC);

    private SpoolerTaskOptions() {}

    private static <T> Option.Builder<T> spooler(
            Option.Builder<T> option,
            String setting,
            Function<SpoolerOptions, T> component,
            BiConsumer<SpoolerOptions.Builder, T> setter) {
        return option.sets(DEFAULTS, SpoolerOptions.Builder.class, setting, component, setter);
    }

    // As in uWSGI, directories are from where the server is started, whatever --chdir says.
    private static List<SpoolPlace> places(String option, List<String> texts) {
        return texts.stream()
                .map(text -> SpoolPlaceText.parse(option, text))
                .map(place -> place instanceof SpoolPlace.Directory(Path path)
                        ? new SpoolPlace.Directory(StartDirectory.path().resolve(path))
                        : place)
                .toList();
    }

    /// What these options say.
    static SpoolerOptions spooler(OptionValues values) {
        SpoolerOptions.Builder builder = SpoolerOptions.builder();
        values.applyTo(builder);
        return builder.build();
    }
}
