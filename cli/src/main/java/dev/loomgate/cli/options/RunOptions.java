package dev.loomgate.cli.options;

import dev.loomgate.server.AccessLogFormat;
import dev.loomgate.server.ServerOptions;
import java.time.Duration;
import picocli.CommandLine.Option;

/// The server's life and what it writes.
final class RunOptions {
    private static final ServerOptions DEFAULTS = ServerOptions.defaults();

    @Option(
            names = "--stop-timeout",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "how long SIGTERM waits for requests that still run (default: 30s)")
    private Duration stopTimeout = DEFAULTS.stopTimeout();

    @Option(
            names = {"--disable-logging", "-L"},
            description = "no line for each request; what goes wrong is still logged")
    private boolean disableLogging;

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            converter = ChoiceText.OfLogFormat.class,
            description = "text or json, for requests (standard output) and for the server's own log (standard error)"
                    + " (default: text)")
    private AccessLogFormat logFormat = DEFAULTS.accessLogFormat();

    @Option(
            names = "--development",
            description =
                    "a 500 answer shows the exception, and a browser on this machine gets a page about it: not where"
                            + " others can see it")
    private boolean development;

    AccessLogFormat logFormat() {
        return logFormat;
    }

    void applyTo(ServerOptions.Builder options) {
        options.stopTimeout(stopTimeout)
                .accessLog(!disableLogging)
                .accessLogFormat(logFormat)
                .development(development);
    }
}
