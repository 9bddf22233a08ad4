package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.python.BusynessOptions;
import dev.loomgate.python.CheaperAlgorithm;
import dev.loomgate.python.CheaperOptions;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// How many workers a Python application has, named as uWSGI names it.
public final class WorkerCountOptions {
    private static final CheaperOptions DEFAULTS = CheaperOptions.defaults();

    static final Option<Integer> CHEAPER = cheaper(
                    Option.value(ValueType.NUMBER, "--cheaper"),
                    "cheaper",
                    CheaperOptions::least,
                    CheaperOptions.Builder::least)
            .range(Range.atLeast(0))
            .inUwsgi(Option.SAME)
            .says(
                    "the least number of workers, where it follows the load; --processes is the most; 0 for a number that doesn't change");

    static final Option<Integer> CHEAPER_INITIAL = cheaper(
                    Option.value(ValueType.NUMBER, "--cheaper-initial"),
                    "cheaperInitial",
                    CheaperOptions::initial,
                    CheaperOptions.Builder::initial)
            .range(Range.atLeast(0))
            .inUwsgi(Option.SAME)
            .says("workers at the start; 0 for the least number");

    static final Option<Integer> CHEAPER_STEP = cheaper(
                    Option.value(ValueType.NUMBER, "--cheaper-step"),
                    "cheaperStep",
                    CheaperOptions::step,
                    CheaperOptions.Builder::step)
            .range(Range.atLeast(1))
            .inUwsgi(Option.SAME)
            .says("workers that are started at a time");

    static final Option<CheaperAlgorithm> CHEAPER_ALGO = cheaper(
                    Option.value(ValueType.choice("NAME", CheaperAlgorithm.class), "--cheaper-algo"),
                    "cheaperAlgo",
                    CheaperOptions::algorithm,
                    CheaperOptions.Builder::algorithm)
            .inUwsgi(Option.SAME)
            .says("what decides how many workers there are: spare, spare2, backlog, busyness or manual");

    static final Option<Integer> CHEAPER_OVERLOAD = cheaper(
                    Option.value(ValueType.NUMBER, "--cheaper-overload"),
                    "cheaperOverload",
                    CheaperOptions::overload,
                    CheaperOptions.Builder::overload)
            .range(Range.atLeast(1))
            .inUwsgi(Option.SAME)
            .says(
                    "spare: seconds in which all workers are busy before more are started; backlog: requests that wait; busyness: seconds of a cycle");

    static final Option<Integer> CHEAPER_IDLE = cheaper(
                    Option.value(ValueType.NUMBER, "--cheaper-idle"),
                    "cheaperIdle",
                    CheaperOptions::idleCycles,
                    CheaperOptions.Builder::idleCycles)
            .range(Range.atLeast(1))
            .inUwsgi(Option.SAME)
            .says("spare2: seconds in which too many workers have nothing to do before one ends");

    static final Option<Long> RSS_SOFT = cheaper(
                    Option.value(ValueType.LONG_SIZE, "--cheaper-rss-limit-soft"),
                    "cheaperRssSoftBytes",
                    CheaperOptions::rssSoftBytes,
                    CheaperOptions.Builder::rssSoftBytes)
            .range(Range.atLeast(0L))
            .inUwsgi(Option.SAME)
            .says("no more workers are started from that much resident memory of all on; 0 for no limit");

    static final Option<Long> RSS_HARD = cheaper(
                    Option.value(ValueType.LONG_SIZE, "--cheaper-rss-limit-hard"),
                    "cheaperRssHardBytes",
                    CheaperOptions::rssHardBytes,
                    CheaperOptions.Builder::rssHardBytes)
            .inUwsgi(Option.SAME)
            .says("workers end one by one from that much on; more than the soft limit; 0 for no limit");

    static final Option<Integer> BUSYNESS_MAX = busyness(
                    Option.value(ValueType.NUMBER, "--cheaper-busyness-max"),
                    "busynessMax",
                    BusynessOptions::max,
                    BusynessOptions.Builder::max)
            .range(Range.between(0, 100))
            .inUwsgi(Option.SAME)
            .says("percent of their time that workers are busy, above which more are started; 0 for the default");

    static final Option<Integer> BUSYNESS_MIN = busyness(
                    Option.value(ValueType.NUMBER, "--cheaper-busyness-min"),
                    "busynessMin",
                    BusynessOptions::min,
                    BusynessOptions.Builder::min)
            .range(Range.between(0, 100))
            .inUwsgi(Option.SAME)
            .says("percent of their time below which one ends; 0 for the default");

    static final Option<Integer> BUSYNESS_MULTIPLIER = busyness(
                    Option.value(ValueType.NUMBER, "--cheaper-busyness-multiplier"),
                    "busynessMultiplier",
                    BusynessOptions::multiplier,
                    BusynessOptions.Builder::multiplier)
            .range(Range.atLeast(0))
            .inUwsgi(Option.SAME)
            .says("quiet cycles before a worker ends; 0 for the default");

    static final Option<Integer> BUSYNESS_PENALTY = busyness(
                    Option.value(ValueType.NUMBER, "--cheaper-busyness-penalty"),
                    "busynessPenalty",
                    BusynessOptions::penalty,
                    BusynessOptions.Builder::penalty)
            .range(Range.atLeast(0))
            .inUwsgi(Option.SAME)
            .says("so many cycles more when one is started soon after another has ended; 0 for the default");

    static final Option<Integer> BACKLOG_ALERT = busyness(
                    Option.value(ValueType.NUMBER, "--cheaper-busyness-backlog-alert"),
                    "busynessBacklogAlert",
                    BusynessOptions::backlogAlert,
                    BusynessOptions.Builder::backlogAlert)
            .range(Range.atLeast(0))
            .inUwsgi(Option.SAME)
            .says("more waiting requests than that start workers at once; 0 for the default");

    static final Option<Integer> BACKLOG_STEP = busyness(
                    Option.value(ValueType.NUMBER, "--cheaper-busyness-backlog-step"),
                    "busynessBacklogStep",
                    BusynessOptions::backlogStep,
                    BusynessOptions.Builder::backlogStep)
            .range(Range.atLeast(0))
            .inUwsgi(Option.SAME)
            .says("how many then; 0 for the default");

    static final Option<Integer> BACKLOG_MULTIPLIER = busyness(
                    Option.value(ValueType.NUMBER, "--cheaper-busyness-backlog-multiplier"),
                    "busynessBacklogMultiplier",
                    BusynessOptions::backlogMultiplier,
                    BusynessOptions.Builder::backlogMultiplier)
            .range(Range.atLeast(0))
            .inUwsgi(Option.SAME)
            .says("quiet cycles before one of those ends; 0 for the default");

    static final Option<Integer> BACKLOG_NONZERO = busyness(
                    Option.value(ValueType.NUMBER, "--cheaper-busyness-backlog-nonzero"),
                    "busynessBacklogNonzero",
                    BusynessOptions::backlogNonzero,
                    BusynessOptions.Builder::backlogNonzero)
            .range(Range.atLeast(0))
            .inUwsgi(Option.SAME)
            .says("they are started, too, after so many seconds in which some request always waits; 0 for the default");

    static final Option<Boolean> BUSYNESS_VERBOSE = busyness(
                    Option.flag("--cheaper-busyness-verbose"),
                    "busynessVerbose",
                    BusynessOptions::verbose,
                    BusynessOptions.Builder::verbose)
            .inUwsgi(Option.SAME)
            .says("log each cycle");

    static final Option<Duration> IDLE = cheaper(
                    Option.value(ValueType.TIME, "--idle"), "idle", CheaperOptions::idle, CheaperOptions.Builder::idle)
            .inUwsgi(Option.SAME)
            .says("after so long without a request all workers end, until the next one; 0 for never");

    static final Option<Boolean> CHEAP = cheaper(
                    Option.flag("--cheap"), "cheap", CheaperOptions::cheap, CheaperOptions.Builder::cheap)
            .inUwsgi(Option.SAME)
            .says("no worker is started before the first request");

    /// Of the server, since a program can't end it.
    public static final Option<Boolean> DIE_ON_IDLE = Option.flag("--die-on-idle")
            .inUwsgi(Option.SAME)
            .says("end the server instead, when all Python applications have had no request for that long (--idle)");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(
            CHEAPER,
            CHEAPER_INITIAL,
            CHEAPER_STEP,
            CHEAPER_ALGO,
            CHEAPER_OVERLOAD,
            CHEAPER_IDLE,
            RSS_SOFT,
            RSS_HARD,
            BUSYNESS_MAX,
            BUSYNESS_MIN,
            BUSYNESS_MULTIPLIER,
            BUSYNESS_PENALTY,
            BACKLOG_ALERT,
            BACKLOG_STEP,
            BACKLOG_MULTIPLIER,
            BACKLOG_NONZERO,
            BUSYNESS_VERBOSE,
            IDLE,
            DIE_ON_IDLE,
            CHEAP);

    private WorkerCountOptions() {}

    private static <T> Option.Builder<T> cheaper(
            Option.Builder<T> option,
            String setting,
            Function<CheaperOptions, T> component,
            BiConsumer<CheaperOptions.Builder, T> setter) {
        return option.sets(DEFAULTS, CheaperOptions.Builder.class, setting, component, setter);
    }

    private static <T> Option.Builder<T> busyness(
            Option.Builder<T> option,
            String setting,
            Function<BusynessOptions, T> component,
            BiConsumer<BusynessOptions.Builder, T> setter) {
        return option.sets(DEFAULTS.busyness(), BusynessOptions.Builder.class, setting, component, setter);
    }

    /// What these options say.
    static CheaperOptions cheaper(OptionValues values) {
        BusynessOptions.Builder busyness = BusynessOptions.builder();
        values.applyTo(busyness);
        CheaperOptions.Builder cheaper = CheaperOptions.builder().busyness(busyness.build());
        values.applyTo(cheaper);
        return cheaper.build();
    }
}
