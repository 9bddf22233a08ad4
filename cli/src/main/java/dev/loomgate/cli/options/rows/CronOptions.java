package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.cron.CronJob;
import dev.loomgate.cli.cron.CronSettings;
import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.SignalNumber;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.SharedRunOptions;
import dev.loomgate.python.SignalSources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What is done by the clock, and the signals of the `uwsgi` module.
public final class CronOptions {
    private static final Pattern TIMER_FORM = Pattern.compile("\\s*([0-9]{1,9})\\s+([0-9]{1,9})\\s*");

    static final Option<List<CronJob>> CRON = jobs(text -> CronJob.of(text, false), "--cron")
            .label("JOB")
            .inUwsgi(
                    "a command that its limit ends is killed with those that it has started, and not its process group")
            .says(
                    "run a command in a shell by the clock, MINUTE HOUR DAY MONTH WEEKDAY COMMAND: -1 for any, -5 for every"
                            + " fifth");

    static final Option<List<CronJob>> CRON2 = jobs(CronJob::withKeys, "--cron2")
            .label("JOB")
            .inUwsgi("no legion")
            .says(
                    "the same, KEY=N,KEY=N COMMAND, with the keys minute, hour, day, month, week, unique, harakiri; redis=wait"
                            + " or redis=run for one that is run on one of several servers, as by --shared-crons, and redis=no"
                            + " for one that isn't");

    static final Option<List<CronJob>> UNIQUE_CRON = jobs(text -> CronJob.of(text, true), "--unique-cron")
            .label("JOB")
            .inUwsgi(Option.SAME)
            .says("the same as --cron, but not while the command still runs");

    static final Option<List<CronJob>> CRON_CURL = jobs(CronJob::request, "--cron-curl", "--curl-cron")
            .label("REQUEST")
            .inUwsgi("http and https; the log has the status, and not what is answered")
            .says("request a URL by the clock, MINUTE HOUR DAY MONTH WEEKDAY URL; a minute for each request");

    static final Option<Duration> CRON_HARAKIRI = Option.value(ValueType.TIME, "--cron-harakiri")
            .standard(Duration.ZERO)
            .inUwsgi(Option.SAME)
            .says("a command that runs for longer is killed; 0 for no limit");

    static final Option<List<SignalSources.Repeated>> TIMER = timers(false, "--timer", "--signal-timer")
            .inUwsgi(Option.SAME)
            .says("raise a signal of the uwsgi module every so many seconds: SIGNAL SECONDS, as in 17 30");

    static final Option<List<SignalSources.Repeated>> RBTIMER = timers(true, "--rbtimer", "--signal-rbtimer")
            .inUwsgi(Option.SAME)
            .says("the same, counted from the last time");

    private static final Option<SharedRunOptions.WhenGone> SHARED_CRONS = shared("--shared-crons")
            .says(
                    "crons of Python programs (@cron), --cron and its kin are run on one of the servers that have them and"
                            + " one --redis. While that is gone: wait, no run begins, and when it is back those do that aren't"
                            + " too late; run, each server does each run");

    private static final Option<SharedRunOptions.WhenGone> SHARED_TIMERS = shared("--shared-timers")
            .says("the same for timers (@timer, --timer) of a second or more, which are then due at multiples of their"
                    + " time since 1970");

    private static final Option<Duration> SHARED_MOST_LATE = Option.value(ValueType.TIME, "--shared-most-late")
            .standard(SharedRunOptions.none().mostLate())
            .setting("sharedMostLate")
            .says("how late such a run may begin; 1s to 24h");

    private static final Option<List<Integer>> OWN_SIGNAL = Option.values(
                    ValueType.parsed("SIGNAL", Integer.class, SignalNumber::of, number -> Integer.toString(number)),
                    "--own-signal")
            .says("crons and timers that raise this signal are each server's own nevertheless");

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
    public static final List<Option<?>> ALL = List.of(
            CRON,
            CRON2,
            UNIQUE_CRON,
            CRON_CURL,
            CRON_HARAKIRI,
            TIMER,
            RBTIMER,
            SHARED_CRONS,
            SHARED_TIMERS,
            SHARED_MOST_LATE,
            OWN_SIGNAL,
            SIGNAL_BUFSIZE);

    private CronOptions() {}

    private static Option.Builder<List<CronJob>> jobs(Function<String, CronJob> parser, String... names) {
        return Option.values(ValueType.parsed("JOB", CronJob.class, parser, CronJob::text), names);
    }

    private static Option.Builder<SharedRunOptions.WhenGone> shared(String name) {
        return Option.value(ValueType.choice("wait|run", SharedRunOptions.WhenGone.class), name)
                .standardText("each server has its own");
    }

    private static Option.Builder<List<SignalSources.Repeated>> timers(boolean fromNow, String... names) {
        return Option.values(
                ValueType.parsed(
                        "TIMER", SignalSources.Repeated.class, text -> timer(text, fromNow, names[0]), timer -> "%d %d"
                                .formatted(timer.signal(), timer.period().toSeconds())),
                names);
    }

    private static SignalSources.Repeated timer(String text, boolean fromNow, String name) {
        Matcher form = TIMER_FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("'%s' is not SIGNAL SECONDS, as in 17 30".formatted(text));
        }
        int signal = SignalNumber.of(form.group(1));
        int seconds = Integer.parseInt(form.group(2));
        if (seconds == 0) {
            throw new IllegalArgumentException("'%s' is every 0 seconds, it must be 1 or more".formatted(text));
        }
        return new SignalSources.Repeated(signal, Duration.ofSeconds(seconds), fromNow, name);
    }

    /// The signals that are raised as time goes by.
    static List<SignalSources.Repeated> timers(OptionValues values) {
        return Stream.of(TIMER, RBTIMER)
                .flatMap(option -> values.of(option).stream())
                .toList();
    }

    /// Which crons and timers several servers run once.
    ///
    /// @throws IllegalArgumentException if a value is out of range
    static SharedRunOptions runs(OptionValues values) {
        return new SharedRunOptions(
                values.given(SHARED_CRONS).orElse(null),
                values.given(SHARED_TIMERS).orElse(null),
                values.of(SHARED_MOST_LATE),
                Set.copyOf(values.of(OWN_SIGNAL)));
    }

    /// The commands that are run by the clock, and the requests.
    ///
    /// @param directory where commands are run
    /// @throws IllegalArgumentException if a value is out of range, or a store is needed
    public static CronSettings settings(OptionValues values, Path directory) {
        List<CronJob> jobs = Stream.of(CRON, CRON2, UNIQUE_CRON, CRON_CURL)
                .flatMap(option -> values.of(option).stream())
                .toList();
        return new CronSettings(
                jobs,
                values.of(CRON_HARAKIRI),
                directory,
                runs(values),
                SharingOptions.store(values),
                SHARED_MOST_LATE.longName());
    }
}
