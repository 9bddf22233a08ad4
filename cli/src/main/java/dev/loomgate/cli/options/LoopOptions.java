package dev.loomgate.cli.options;

import dev.loomgate.loop.Engine;
import dev.loomgate.loop.Transport;
import dev.loomgate.python.WorkerMode;
import dev.loomgate.server.Limits;
import dev.loomgate.server.ServerOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The loops and their microthreads.
final class LoopOptions {
    private static final ServerOptions DEFAULTS = ServerOptions.defaults();

    @Option(
            names = "--loops",
            paramLabel = "N",
            description =
                    "event loops, one OS thread each (default: one a CPU; with Python applications alone one for four"
                            + " workers)")
    private @Nullable Integer loops;

    @Option(
            names = {"--async", "--asyncio"},
            paramLabel = "N",
            description = "requests that run at once on a loop, a microthread each; at the limit the kernel's backlog"
                    + " holds the rest (default: 16384). With Python applications: requests that run at once in a"
                    + " worker, each in a greenlet on its asyncio loop; others wait in the server")
    private @Nullable Integer async;

    @Option(
            names = "--greenlet",
            description = "belongs to --asyncio, as in uWSGI: without effect for Java applications")
    private boolean greenlet;

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            converter = ChoiceText.OfEngine.class,
            description = "where microthreads run: loop (on the loop's own thread), virtual (on the JDK's scheduler),"
                    + " threads (on a pool of platform threads) (default: loop)")
    private Engine engine = DEFAULTS.engine();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "platform threads of --engine threads (default: four a CPU); threads of a Python worker, a"
                    + " request each (default: one request at a time)")
    private @Nullable Integer threads;

    @Option(
            names = "--transport",
            paramLabel = "TRANSPORT",
            converter = ChoiceText.OfTransport.class,
            description = "what a loop waits with: epoll, io_uring, nio (default: epoll where there is one)")
    private Transport transport = DEFAULTS.transport();

    @Option(
            names = "--hold-limit",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "a microthread that holds its loop for longer is logged with its stack (default: 200ms)")
    private Duration holdLimit = DEFAULTS.holdLimit();

    @Option(
            names = "--hand-over",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "when a microthread holds its loop for that long, the loop goes on without it on another OS"
                    + " thread; until its next wait the microthread runs beside the others then. 0: never. Not with"
                    + " --transport io_uring (default: 20ms)")
    private Duration handOver = DEFAULTS.handOver();

    @Option(
            names = "--held-threads",
            paramLabel = "N",
            description = "OS threads of each loop that microthreads may hold so at a time (default: 256)")
    private int heldThreads = DEFAULTS.heldThreads();

    private int defaultLoops = DEFAULTS.loops();

    void defaultLoops(int number) {
        defaultLoops = number;
    }

    /// How Python workers run requests.
    ///
    /// @throws IllegalArgumentException if the options don't go together
    WorkerMode workerMode() {
        if (async != null && threads != null) {
            throw new IllegalArgumentException(
                    "--asyncio and --threads are two ways to run a Python application: give one of them");
        }
        if (async != null) {
            return new WorkerMode.Asyncio(async);
        }
        if (greenlet) {
            throw new IllegalArgumentException("--greenlet needs --asyncio N: how many requests may run at once");
        }
        return threads == null || threads == 1 ? new WorkerMode.Sync() : new WorkerMode.Threads(threads);
    }

    /// @param pythonAlone whether `--asyncio` is the workers' and not the loop's
    void applyTo(ServerOptions.Builder options, Limits.Builder limits, boolean pythonAlone) {
        options.loops(loops == null ? defaultLoops : loops)
                .engine(engine)
                .threads(threads == null ? DEFAULTS.threads() : threads)
                .transport(transport)
                .holdLimit(holdLimit)
                .handOver(handOver)
                .heldThreads(heldThreads);
        limits.maxMicrothreads(async == null || pythonAlone ? DEFAULTS.limits().maxMicrothreads() : async);
    }
}
