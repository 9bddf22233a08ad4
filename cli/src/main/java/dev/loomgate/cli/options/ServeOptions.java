package dev.loomgate.cli.options;

import dev.loomgate.server.AccessLogFormat;
import dev.loomgate.server.Limits;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ServerOptions;
import java.util.List;
import picocli.CommandLine.ArgGroup;

/// All options of a server, in the order in which `--help` shows them.
public final class ServeOptions {
    @ArgGroup(validate = false, heading = "%nWhere to listen:%n")
    private ListenOptions listen = new ListenOptions();

    @ArgGroup(validate = false, heading = "%nLoops and microthreads:%n")
    private LoopOptions loops = new LoopOptions();

    @ArgGroup(
            validate = false,
            heading = "%nLimits (BYTES: 65535, 64k, 10m, 1g; TIME: 30 or 0.5 in seconds, 200ms, 5m):%n")
    private LimitOptions limits = new LimitOptions();

    @ArgGroup(validate = false, heading = "%nRunning:%n")
    private RunOptions run = new RunOptions();

    /// Where to listen: HTTP first, then uwsgi; may be empty.
    public List<ListenAddress> addresses() {
        return listen.addresses();
    }

    /// The format of both logs.
    public AccessLogFormat logFormat() {
        return run.logFormat();
    }

    /// @throws IllegalArgumentException if a value is out of range; the message names its option
    public ServerOptions serverOptions() {
        ServerOptions.Builder options = ServerOptions.builder();
        Limits.Builder most = Limits.builder();
        listen.applyTo(options);
        loops.applyTo(options, most);
        limits.applyTo(most);
        run.applyTo(options);
        return options.limits(most.build()).build();
    }
}
