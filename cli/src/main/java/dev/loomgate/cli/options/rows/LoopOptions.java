package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.loop.LoopGroup;
import dev.loomgate.loop.settings.Engine;
import dev.loomgate.loop.settings.Transport;
import dev.loomgate.python.WorkerMode;
import dev.loomgate.server.ServerOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// The loops and their microthreads.
public final class LoopOptions {
    static final Option<Integer> LOOPS = server(
                    Option.value(ValueType.NUMBER, "--loops"),
                    "loops",
                    ServerOptions::loops,
                    ServerOptions.Builder::loops)
            .standardText("one per CPU; with only Python applications, one per four workers")
            .range(Range.between(1, LoopGroup.MAX_LOOPS))
            .says("event loops, one OS thread each");

    /// Two settings: a loop's limit, or a Python worker's mode ([#workerMode]).
    public static final Option<Integer> ASYNC = Option.value(ValueType.NUMBER, "--async", "--asyncio")
            .standard(ServerOptions.defaults().limits().maxMicrothreads())
            .setting("maxMicrothreads")
            .setting("asyncio", "--asyncio")
            .setting("WorkerMode.Asyncio", "--asyncio --greenlet")
            .range(Range.atLeast(1))
            .past("the client waits, in the kernel's queue")
            .inUwsgi(Option.SAME)
            .says("concurrent requests on a loop, a microthread each; more wait in the kernel's queue. With"
                    + " Python applications, if given: concurrent requests in a worker, each in a greenlet on "
                    + "the worker's asyncio loop, up to 65536; more wait in the server");

    static final Option<Boolean> GREENLET = Option.flag("--greenlet")
            .inUwsgi(Option.SAME)
            .says("goes with --asyncio, as in uWSGI; no effect on Java applications");

    static final Option<Integer> GEVENT = Option.value(ValueType.NUMBER, "--gevent")
            .setting("gevent")
            .setting("WorkerMode.Gevent", "--gevent")
            .range(Range.between(1, 65_536))
            .past("the client waits, in the server")
            .inUwsgi(Option.SAME)
            .says("concurrent requests in a Python worker, each in a greenlet of gevent's; more wait in the server");

    static final Option<Boolean> GEVENT_EARLY_MONKEY_PATCH = Option.flag("--gevent-early-monkey-patch")
            .inUwsgi(Option.SAME)
            .says("gevent.monkey.patch_all() before anything of the program is imported: what it waits for in sockets, "
                    + "locks and time.sleep then lets other requests run");

    static final Option<Boolean> GEVENT_MONKEY_PATCH = Option.flag("--gevent-monkey-patch")
            .inUwsgi(Option.SAME)
            .says("the same in each worker, when the program has been imported");

    static final Option<Engine> ENGINE = server(
                    Option.value(ValueType.choice("ENGINE", Engine.class), "--engine"),
                    "engine",
                    ServerOptions::engine,
                    ServerOptions.Builder::engine)
            .says("where microthreads run: loop (on the loop's own thread), virtual (on the JDK's "
                    + "scheduler), threads (on a pool of platform threads)");

    static final Option<Integer> THREADS = server(
                    Option.value(ValueType.NUMBER, "--threads"),
                    "threads",
                    ServerOptions::threads,
                    ServerOptions.Builder::threads)
            .standardText("four per CPU; in a worker one request at a time")
            .range(Range.between(1, LoopGroup.MAX_THREADS))
            .inUwsgi(Option.SAME)
            .says("platform threads of --engine threads; or threads of a Python worker, one request each, "
                    + "up to 1024");

    static final Option<Transport> TRANSPORT = server(
                    Option.value(ValueType.choice("TRANSPORT", Transport.class), "--transport"),
                    "transport",
                    ServerOptions::transport,
                    ServerOptions.Builder::transport)
            .standardText("epoll where there is one")
            .says(
                    "how a loop waits for I/O: epoll, io_uring, nio. On a unix socket, a client that closes its side before it has"
                            + " its answer is answered by epoll only");

    static final Option<Duration> HOLD_LIMIT = server(
                    Option.value(ValueType.TIME, "--hold-limit"),
                    "holdLimit",
                    ServerOptions::holdLimit,
                    ServerOptions.Builder::holdLimit)
            .range(Range.positive())
            .says(
                    "a microthread that blocks its loop for longer is logged with its stack; so is what has all of the JDK's carriers, of "
                            + "its common pool or of --threads for so long");

    static final Option<Duration> HAND_OVER = server(
                    Option.value(ValueType.TIME, "--hand-over"),
                    "handOver",
                    ServerOptions::handOver,
                    ServerOptions.Builder::handOver)
            .range(Range.atLeast(Duration.ofMillis(1)).orNever())
            .says(
                    "when a microthread blocks its loop for about this long (later on a busy machine), the loop continues"
                            + " without it on another OS thread, and the microthread runs beside the others until its next wait; 0"
                            + " for never: Loop.sleep in a static initialiser then stops the loop for good. Not with --transport io_uring");

    static final Option<Integer> HELD_THREADS = server(
                    Option.value(ValueType.NUMBER, "--held-threads"),
                    "heldThreads",
                    ServerOptions::heldThreads,
                    ServerOptions.Builder::heldThreads)
            .range(Range.between(1, LoopGroup.MAX_THREADS))
            .says("maximum number of threads per loop blocked in this way");

    static final Option<Integer> BLOCKING_THREADS = server(
                    Option.value(ValueType.NUMBER, "--blocking-threads"),
                    "blockingThreads",
                    ServerOptions::blockingThreads,
                    ServerOptions.Builder::blockingThreads)
            .range(Range.between(1, LoopGroup.MAX_THREADS))
            .says("threads for the blocking work of Java applications: Loop.offload, Rule.blocking()");

    static final Option<Integer> BLOCKING_QUEUE = server(
                    Option.value(ValueType.NUMBER, "--blocking-queue"),
                    "blockingQueue",
                    ServerOptions::blockingQueue,
                    ServerOptions.Builder::blockingQueue)
            .range(Range.between(1, LoopGroup.MAX_QUEUE))
            .says("how much of it may wait for a thread; more is answered 503");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(
            LOOPS,
            ASYNC,
            GREENLET,
            GEVENT,
            GEVENT_EARLY_MONKEY_PATCH,
            GEVENT_MONKEY_PATCH,
            ENGINE,
            THREADS,
            TRANSPORT,
            HOLD_LIMIT,
            HAND_OVER,
            HELD_THREADS,
            BLOCKING_THREADS,
            BLOCKING_QUEUE);

    private LoopOptions() {}

    private static <T> Option.Builder<T> server(
            Option.Builder<T> option,
            String setting,
            Function<ServerOptions, T> component,
            BiConsumer<ServerOptions.Builder, T> setter) {
        return option.sets(ServerOptions.defaults(), ServerOptions.Builder.class, setting, component, setter);
    }

    /// How Python workers run requests.
    ///
    /// @throws IllegalArgumentException if the options don't go together
    public static WorkerMode workerMode(OptionValues values) {
        Optional<Integer> async = values.given(ASYNC);
        Optional<Integer> threads = values.given(THREADS);
        Optional<Integer> gevent = values.given(GEVENT);
        List<String> ways = new ArrayList<>();
        async.ifPresent(_ -> ways.add("--asyncio"));
        threads.ifPresent(_ -> ways.add("--threads"));
        gevent.ifPresent(_ -> ways.add("--gevent"));
        if (ways.size() > 1) {
            throw new IllegalArgumentException("%s and %s are two ways to run a Python application: give one of them"
                    .formatted(ways.get(0), ways.get(1)));
        }
        if (gevent.isPresent()) {
            return new WorkerMode.Gevent(gevent.get(), patch(values));
        }
        if (patch(values) != WorkerMode.Gevent.Patch.NEVER) {
            throw new IllegalArgumentException("%s needs --gevent N: how many requests may run at once"
                    .formatted(
                            values.of(GEVENT_EARLY_MONKEY_PATCH)
                                    ? "--gevent-early-monkey-patch"
                                    : "--gevent-monkey-patch"));
        }
        if (async.isPresent()) {
            return new WorkerMode.Asyncio(async.get());
        }
        if (values.of(GREENLET)) {
            throw new IllegalArgumentException("--greenlet needs --asyncio N: how many requests may run at once");
        }
        return threads.isEmpty() || threads.get() == 1 ? new WorkerMode.Sync() : new WorkerMode.Threads(threads.get());
    }

    private static WorkerMode.Gevent.Patch patch(OptionValues values) {
        if (values.of(GEVENT_EARLY_MONKEY_PATCH)) {
            return WorkerMode.Gevent.Patch.BEFORE_LOAD;
        }
        return values.of(GEVENT_MONKEY_PATCH) ? WorkerMode.Gevent.Patch.AFTER_LOAD : WorkerMode.Gevent.Patch.NEVER;
    }
}
