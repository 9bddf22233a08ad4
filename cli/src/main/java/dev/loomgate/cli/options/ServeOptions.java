package dev.loomgate.cli.options;

import dev.loomgate.loop.spool.Spool;
import dev.loomgate.python.WorkerMode;
import dev.loomgate.server.AccessLogFormat;
import dev.loomgate.server.Limits;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ServerOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/// All options of a server, in the order in which `--help` shows them.
public final class ServeOptions {
    @Mixin
    private ListenOptions listen = new ListenOptions();

    @Mixin
    private LoopOptions loops = new LoopOptions();

    @Mixin
    private LimitOptions limits = new LimitOptions();

    @Mixin
    private SpoolOptions spool = new SpoolOptions();

    @Mixin
    private RunOptions run = new RunOptions();

    private boolean pythonAlone;
    private @Nullable Spool shared;

    /// There are Python applications alone: so many loops will do, and `--asyncio` is their workers' matter.
    public void pythonAlone(int loopsUnlessGiven) {
        pythonAlone = true;
        loops.defaultLoops(loopsUnlessGiven);
    }

    /// How Python workers run requests.
    ///
    /// @throws IllegalArgumentException if the options don't go together
    public WorkerMode workerMode() {
        return loops.workerMode();
    }

    /// Where to listen: HTTP first, then uwsgi; may be empty.
    public List<ListenAddress> addresses() {
        return listen.addresses();
    }

    /// The format of both logs.
    public AccessLogFormat logFormat() {
        return run.logFormat();
    }

    /// Where responses wait for slow clients; also among the server's options.
    ///
    /// @throws IllegalArgumentException if a value is out of range; the message names its option
    public Spool spool() {
        Spool made = shared == null ? spool.spool() : shared;
        shared = made;
        return made;
    }

    /// @throws IllegalArgumentException if a value is out of range; the message names its option
    public ServerOptions serverOptions() {
        ServerOptions.Builder options = ServerOptions.builder();
        Limits.Builder most = Limits.builder();
        listen.applyTo(options);
        loops.applyTo(options, most, pythonAlone);
        limits.applyTo(most);
        run.applyTo(options);
        return options.limits(most.build()).spool(spool()).build();
    }
}
