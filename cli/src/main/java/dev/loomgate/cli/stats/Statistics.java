package dev.loomgate.cli.stats;

import dev.loomgate.cli.live.LiveServer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// The statistics of a server, made when somebody asks. Any thread that may wait.
public final class Statistics {
    private final LiveServer observed;
    private final ProcessFacts process;
    private final StatsSettings settings;
    private final Instant started = Instant.now();
    private final AtomicLong queueErrors = new AtomicLong();

    /// @param process what is said of the process
    Statistics(LiveServer observed, ProcessFacts process, StatsSettings settings) {
        this.observed = observed;
        this.process = process;
        this.settings = settings;
    }

    /// Those of a server, with each place for a request.
    ///
    /// @param version of the program
    /// @param directory that applications run in
    public static Statistics of(LiveServer observed, String version, Path directory) {
        return new Statistics(observed, ProcessFacts.of(version, directory), StatsSettings.NONE);
    }

    /// uWSGI's document of a moment, by its keys: numbers, texts, lists and maps.
    public Map<String, Object> document(LiveServer.Moment moment) {
        return StatsDocument.of(moment, Row.all(moment, started), process, errors(moment), settings.cores());
    }

    /// The document, as it was asked for.
    ///
    /// @throws IllegalStateException if the server says nothing; the message is for the log
    String json() throws InterruptedException {
        return JsonText.of(document(observed.look()), settings.minified());
    }

    // How many looks have found a queue that was full.
    private long errors(LiveServer.Moment moment) {
        boolean full = moment.server().sockets().stream()
                .anyMatch(socket -> socket.queued().orElse(0) >= Math.max(1, socket.mostQueued()));
        return full ? queueErrors.incrementAndGet() : queueErrors.get();
    }

    /// The metrics that are sent to others.
    ///
    /// @throws IllegalStateException if the server says nothing; the message is for the log
    List<Metrics.Metric> metrics() throws InterruptedException {
        LiveServer.Moment moment = observed.look();
        return Metrics.of(moment, Row.all(moment, started));
    }
}
