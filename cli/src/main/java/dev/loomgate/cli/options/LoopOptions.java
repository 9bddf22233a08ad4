package dev.loomgate.cli.options;

import dev.loomgate.loop.Engine;
import dev.loomgate.loop.Transport;
import dev.loomgate.server.Limits;
import dev.loomgate.server.ServerOptions;
import java.time.Duration;
import picocli.CommandLine.Option;

/// The loops and their microthreads.
final class LoopOptions {
    private static final ServerOptions DEFAULTS = ServerOptions.defaults();

    @Option(names = "--loops", paramLabel = "N", description = "event loops, one OS thread each (default: one a CPU)")
    private int loops = DEFAULTS.loops();

    @Option(
            names = {"--async", "--asyncio"},
            paramLabel = "N",
            description = "requests that run at once on a loop, a microthread each; at the limit the kernel's backlog"
                    + " holds the rest (default: 16384)")
    private int async = DEFAULTS.limits().maxMicrothreads();

    @SuppressWarnings("UnusedVariable") // accepted, nothing more
    @Option(
            names = "--greenlet",
            description = "does nothing: uWSGI needs it beside --asyncio; here every request has a microthread anyway")
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
            description = "platform threads of --engine threads (default: four a CPU)")
    private int threads = DEFAULTS.threads();

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

    void applyTo(ServerOptions.Builder options, Limits.Builder limits) {
        options.loops(loops)
                .engine(engine)
                .threads(threads)
                .transport(transport)
                .holdLimit(holdLimit);
        limits.maxMicrothreads(async);
    }
}
