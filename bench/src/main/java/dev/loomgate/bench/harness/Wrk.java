package dev.loomgate.bench.harness;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The load generator: one thread, a fixed number of keep-alive connections, each asking again as soon as it is
/// answered.
public record Wrk(int connections, Duration duration) implements LoadGenerator {
    /// Longer than any answer should take, so that a slow one shows in p99 and not as a time-out alone.
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    public WrkReport run(String url) throws IOException, InterruptedException {
        return run(url, List.of());
    }

    /// @param options of wrk's that say what is sent: headers, a script
    @Override
    public WrkReport run(String url, List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "wrk",
                "-t1",
                "-c" + connections,
                "-d" + duration.toSeconds() + "s",
                "--timeout",
                TIMEOUT.toSeconds() + "s",
                "--latency"));
        command.addAll(options);
        command.add(url);
        return WrkReport.parse(Command.output(command, duration.plus(TIMEOUT)));
    }
}
