package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.python.ReplacementOptions;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// When a worker of a Python application is replaced, besides --max-requests and --reload-on-rss.
public final class WorkerAgeOptions {
    private static final ReplacementOptions DEFAULTS = ReplacementOptions.defaults();

    static final Option<Duration> MAX_WORKER_LIFETIME = replacement(
                    Option.value(ValueType.TIME, "--max-worker-lifetime"),
                    "maxWorkerLifetime",
                    ReplacementOptions::maxLifetime,
                    ReplacementOptions.Builder::maxLifetime)
            .inUwsgi(Option.SAME)
            .says("a worker that is older is replaced; 0 for never");

    static final Option<Duration> MAX_WORKER_LIFETIME_DELTA = replacement(
                    Option.value(ValueType.TIME, "--max-worker-lifetime-delta"),
                    "maxWorkerLifetimeDelta",
                    ReplacementOptions::maxLifetimeDelta,
                    ReplacementOptions.Builder::maxLifetimeDelta)
            .inUwsgi(Option.SAME)
            .says("worker 2 may be so much older than worker 1, worker 3 than worker 2, and so on");

    static final Option<Duration> MIN_WORKER_LIFETIME = replacement(
                    Option.value(ValueType.TIME, "--min-worker-lifetime"),
                    "minWorkerLifetime",
                    ReplacementOptions::minLifetime,
                    ReplacementOptions.Builder::minLifetime)
            .inUwsgi("60 seconds by default, 10 in newer versions")
            .says("a younger worker isn't replaced for its requests or its memory");

    static final Option<Long> RELOAD_ON_AS = replacement(
                    Option.value(ValueType.MEGABYTES, "--reload-on-as"),
                    "reloadOnAsBytes",
                    ReplacementOptions::reloadOnAsBytes,
                    ReplacementOptions.Builder::reloadOnAsBytes)
            .inUwsgi(Option.SAME)
            .says("a worker with more address space is replaced; 0 for never");

    static final Option<Long> EVIL_RELOAD_ON_AS = replacement(
                    Option.value(ValueType.MEGABYTES, "--evil-reload-on-as"),
                    "evilReloadOnAsBytes",
                    ReplacementOptions::evilReloadOnAsBytes,
                    ReplacementOptions.Builder::evilReloadOnAsBytes)
            .inUwsgi(Option.SAME)
            .says("a worker with more address space is killed at once; 0 for never");

    static final Option<Long> EVIL_RELOAD_ON_RSS = replacement(
                    Option.value(ValueType.MEGABYTES, "--evil-reload-on-rss"),
                    "evilReloadOnRssBytes",
                    ReplacementOptions::evilReloadOnRssBytes,
                    ReplacementOptions.Builder::evilReloadOnRssBytes)
            .inUwsgi(Option.SAME)
            .says("a worker with more resident memory is killed at once; 0 for never");

    static final Option<Duration> HARAKIRI_GRACEFUL_TIMEOUT = replacement(
                    Option.value(ValueType.TIME, "--harakiri-graceful-timeout"),
                    "requestGrace",
                    ReplacementOptions::requestGrace,
                    ReplacementOptions.Builder::requestGrace)
            .inUwsgi("same; 0 by default, and the worker gets SIGTERM first")
            .says("time for a request to end that is past --harakiri, before its worker is killed");

    static final Option<Boolean> RELOAD_ON_EXCEPTION = replacement(
                    Option.flag("--reload-on-exception"),
                    "reloadOnException",
                    ReplacementOptions::reloadOnException,
                    ReplacementOptions.Builder::reloadOnException)
            .inUwsgi(Option.SAME)
            .says("a worker whose program has raised an exception is replaced");

    static final Option<List<String>> RELOAD_ON_EXCEPTION_TYPE = Option.values(
                    ValueType.TEXT, "--reload-on-exception-type")
            .label("NAME")
            .sets(ReplacementOptions.Builder.class, "exceptionTypes", ReplacementOptions.Builder::exceptionTypes)
            .inUwsgi("compared with the exception's message there, by mistake")
            .says("the same, for exceptions of this type: its name, with the module or without");

    static final Option<List<String>> RELOAD_ON_EXCEPTION_VALUE = Option.values(
                    ValueType.TEXT, "--reload-on-exception-value")
            .label("MESSAGE")
            .sets(ReplacementOptions.Builder.class, "exceptionMessages", ReplacementOptions.Builder::exceptionMessages)
            .inUwsgi(Option.SAME)
            .says("the same, for exceptions with this message");

    static final Option<List<String>> RELOAD_ON_EXCEPTION_REPR = Option.values(
                    ValueType.TEXT, "--reload-on-exception-repr")
            .label("TYPE:MESSAGE")
            .sets(ReplacementOptions.Builder.class, "exceptionTexts", ReplacementOptions.Builder::exceptionTexts)
            .inUwsgi("compared with the exception's message there, by mistake")
            .says("the same, for exceptions of which a traceback's last line is this, TYPE: MESSAGE");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(
            MAX_WORKER_LIFETIME,
            MAX_WORKER_LIFETIME_DELTA,
            MIN_WORKER_LIFETIME,
            RELOAD_ON_AS,
            EVIL_RELOAD_ON_AS,
            EVIL_RELOAD_ON_RSS,
            HARAKIRI_GRACEFUL_TIMEOUT,
            RELOAD_ON_EXCEPTION,
            RELOAD_ON_EXCEPTION_TYPE,
            RELOAD_ON_EXCEPTION_VALUE,
            RELOAD_ON_EXCEPTION_REPR);

    private WorkerAgeOptions() {}

    private static <T> Option.Builder<T> replacement(
            Option.Builder<T> option,
            String setting,
            Function<ReplacementOptions, T> component,
            BiConsumer<ReplacementOptions.Builder, T> setter) {
        return option.sets(DEFAULTS, ReplacementOptions.Builder.class, setting, component, setter);
    }

    /// What these options say.
    static ReplacementOptions replacement(OptionValues values) {
        ReplacementOptions.Builder builder = ReplacementOptions.builder();
        values.applyTo(builder);
        return builder.build();
    }
}
