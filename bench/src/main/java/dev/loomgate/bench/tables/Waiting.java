package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.Contender;
import dev.loomgate.bench.harness.Crowd;
import dev.loomgate.bench.harness.Nginx;
import dev.loomgate.bench.harness.ProcStatus;
import dev.loomgate.bench.harness.Progress;
import dev.loomgate.bench.harness.ServerFailed;
import dev.loomgate.bench.peers.Hello;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// (c) Many requests that wait: the article's `/`, which takes a second.
public final class Waiting implements Table {
    private static final int CONNECTIONS = 2_000;
    private static final int CROWD = 10_000;
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final String ASYNCIO = "--asyncio";
    private static final String GREENLET = "--greenlet";
    private static final String UWSGI = "uWSGI asyncio 512 + greenlet, behind nginx";

    @Override
    public String letter() {
        return "c";
    }

    @Override
    public String title() {
        return "Many waiting requests";
    }

    @Override
    public String measure(Setting setting) throws IOException, InterruptedException {
        GatewayServers servers = new GatewayServers(setting)
                .loomgate("Loomgate, 1 loop, behind nginx", "article", "/", Hello.TEXT)
                .uwsgiAsyncio(UWSGI, "article_on_311", "/", Hello.TEXT, 1);
        Entrant direct = new HelloServers(setting).article("Loomgate, 1 loop, HTTP");
        PythonServers python = new PythonServers(setting);
        List<Entrant> overHttp = List.of(
                direct,
                python.loomgate(
                        "Loomgate, article.py, 1 worker, --asyncio 512, HTTP",
                        "article",
                        "/",
                        ASYNCIO,
                        "512",
                        GREENLET),
                python.loomgate(
                        "Loomgate, article.py, 1 worker, --asyncio 4096, HTTP",
                        "article",
                        "/",
                        ASYNCIO,
                        "4096",
                        GREENLET));
        Race.Result result;
        try (Nginx _ = servers.startNginx()) {
            result = new Race(CONNECTIONS, WARM_UP, 0, setting.effort().waiting(), 1)
                    .run(Stream.concat(servers.entrants().stream(), overHttp.stream())
                            .filter(setting::takes)
                            .toList());
        }
        RaceTable table = new RaceTable(result);
        return """
                The article's `/` answers after a second. `wrk -t1 -c%,d` for %d s after %d s of warm-up; a server that only ever \
                waits
                would give just under %,d requests/s, less the second that the last ones are still waiting when wrk stops.

                """.formatted(CONNECTIONS, setting.effort().waiting().toSeconds(), WARM_UP.toSeconds(), CONNECTIONS)
                + table.text("", new RaceTable.Reference("× uWSGI", UWSGI))
                + "\n"
                + table.othersText()
                + "\n"
                + crowd(direct);
    }

    private static String crowd(Entrant loomgate) throws IOException, InterruptedException {
        Progress.say("  " + CROWD + " at once");
        try (Contender contender = loomgate.start().start(loomgate.name())) {
            contender.awaitAnswer();
            Crowd.Outcome outcome = new Crowd(CROWD, contender.address(), "/").run();
            ProcStatus status = contender.server().status();
            return String.format(
                    Locale.ROOT,
                    "%,d connections that all ask at once, on one loop of a fresh Loomgate over HTTP: %,d answered, "
                            + "after %.2f s (median), %.2f s (p99), %.2f s (last);%nat most %d MB resident, %d OS threads "
                            + "in the process.%s%n",
                    CROWD,
                    outcome.answered(),
                    outcome.millis().at(0.5) / 1000,
                    outcome.millis().at(0.99) / 1000,
                    outcome.millis().at(1) / 1000,
                    status.peakResidentKib() / 1024,
                    status.threads(),
                    outcome.failures().isEmpty() ? "" : " The others: " + String.join("; ", outcome.failures()));
        } catch (ServerFailed e) {
            return CROWD + " at once not measured: " + e.getMessage() + "\n";
        }
    }
}
