package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.cron.CronJob;
import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.python.PythonOptions;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.TypeConversionException;

/// What is done by the clock, and the signals of the `uwsgi` module.
public final class CronOptions {
    static final Option<List<CronJob>> CRON = jobs("--cron", text -> CronJob.of(text, false))
            .label("JOB")
            .inUwsgi(
                    "a command that its limit ends is killed with those that it has started, and not its process group")
            .says(
                    "run a command in a shell by the clock, MINUTE HOUR DAY MONTH WEEKDAY COMMAND: -1 for any, -5 for every"
                            + " fifth");

    static final Option<List<CronJob>> CRON2 = jobs("--cron2", CronJob::withKeys)
            .label("JOB")
            .inUwsgi("no legion")
            .says("the same, KEY=N,KEY=N COMMAND, with the keys minute, hour, day, month, week, unique, harakiri");

    static final Option<List<CronJob>> UNIQUE_CRON = jobs("--unique-cron", text -> CronJob.of(text, true))
            .label("JOB")
            .inUwsgi(Option.SAME)
            .says("the same as --cron, but not while the command still runs");

    static final Option<Duration> CRON_HARAKIRI = Option.value(ValueType.TIME, "--cron-harakiri")
            .standard(Duration.ZERO)
            .inUwsgi(Option.SAME)
            .says("a command that runs for longer is killed; 0 for no limit");

    static final Option<Integer> SIGNAL_BUFSIZE = Option.value(
                    ValueType.NUMBER, "--signal-bufsize", "--signals-bufsize")
            .sets(
                    PythonOptions.defaults(),
                    PythonOptions.Builder.class,
                    "signalQueue",
                    PythonOptions::signalQueue,
                    PythonOptions.Builder::signalQueue)
            .range(Range.between(1, 1 << 16))
            .inUwsgi("signals, not bytes")
            .says("how many signals of the uwsgi module may wait for a process; further ones are lost");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(CRON, CRON2, UNIQUE_CRON, CRON_HARAKIRI, SIGNAL_BUFSIZE);

    private CronOptions() {}

    private static Option.Builder<List<CronJob>> jobs(String name, Function<String, CronJob> parser) {
        ValueType<CronJob> type = new ValueType<>(
                "JOB",
                CronJob.class,
                text -> {
                    try {
                        return parser.apply(text);
                    } catch (IllegalArgumentException e) {
                        throw new TypeConversionException(e.getMessage());
                    }
                },
                CronJob::text);
        return Option.values(type, name);
    }

    /// The commands that are run by the clock.
    public static List<CronJob> jobs(OptionValues values) {
        return Stream.of(CRON, CRON2, UNIQUE_CRON)
                .flatMap(option -> values.of(option).stream())
                .toList();
    }

    /// How long they may run; zero for as long as they like.
    public static Duration limit(OptionValues values) {
        return values.of(CRON_HARAKIRI);
    }
}
