package dev.loomgate.bench.harness;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A server in the race: its process, the URL to ask and what it answers there, and the rounds it has run.
public final class Contender implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(20);

    private final ServerProcess server;
    private final Address address;
    private final String path;
    private final String expectedBody;
    private final List<String> wrkOptions;
    private final List<Round> rounds = new ArrayList<>();

    public Contender(ServerProcess server, Address address, String path, String expectedBody) {
        this(server, address, path, expectedBody, List.of());
    }

    /// @param wrkOptions that say what is sent with each request: headers, a script
    public Contender(ServerProcess server, Address address, String path, String expectedBody, List<String> wrkOptions) {
        this.server = server;
        this.address = address;
        this.path = path;
        this.expectedBody = expectedBody;
        this.wrkOptions = List.copyOf(wrkOptions);
    }

    public String name() {
        return server.name();
    }

    public ServerProcess server() {
        return server;
    }

    public List<Round> rounds() {
        return rounds;
    }

    public Address address() {
        return address;
    }

    public String url() {
        return address.url(path);
    }

    public String path() {
        return path;
    }

    /// Waits for the right answer; returns the time since the process was started.
    public Duration awaitAnswer() throws InterruptedException, ServerFailed {
        return server.awaitAnswer(address, path, expectedBody, START_LIMIT);
    }

    /// One round of load that counts.
    public void measure(LoadGenerator load) throws IOException, InterruptedException {
        Round round = load(load);
        Progress.say("  %-40s %8.2f us/request %10.0f requests/s  p99 %.2f ms %s"
                .formatted(
                        name(),
                        round.cpuMicros(),
                        round.report().requestsPerSecond(),
                        round.report().p99Millis(),
                        round.report().complaints()));
        rounds.add(round);
    }

    /// One round of load that warms up and is not kept.
    public Round load(LoadGenerator generator) throws IOException, InterruptedException {
        MachineLoad machine = MachineLoad.snapshot();
        long before = server.cpuTicks();
        WrkReport report = generator.run(address.url(path), wrkOptions);
        long ticks = server.cpuTicks() - before;
        double cpuMicros = ticks * 1e6 / ProcStat.TICKS_PER_SECOND / Math.max(1, report.answered());
        return new Round(report, cpuMicros, machine.othersCores());
    }

    @Override
    public void close() {
        server.close();
    }
}
