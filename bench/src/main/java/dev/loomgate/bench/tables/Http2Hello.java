package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.H2load;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/// (m) Hello over HTTP/2 in the clear, many streams at once.
public final class Http2Hello implements Table {
    private static final int CONNECTIONS = 50;
    private static final int STREAMS = 32;

    @Override
    public String letter() {
        return "m";
    }

    @Override
    public String title() {
        return "Hello over HTTP/2";
    }

    @Override
    public String measure(Setting setting) throws IOException, InterruptedException {
        HelloServers servers = new HelloServers(setting);
        Effort effort = setting.effort();
        List<Entrant> entrants = Stream.concat(
                        servers.http2Peers().stream(),
                        Stream.of(servers.loomgate("loop", "epoll"), servers.loomgate("virtual", "epoll")))
                .filter(setting::takes)
                .toList();
        Race.Result result = new Race(
                        duration -> new H2load(CONNECTIONS, STREAMS, duration),
                        effort.warmUp(),
                        effort.warmRequests(),
                        effort.round(),
                        effort.rounds())
                .run(entrants);
        RaceTable table = new RaceTable(result);
        return """
                `GET /` from `h2load -t1 -c%d -m%d`, by prior knowledge, without TLS; the servers, their answer and the
                rounds are those of (a). "× Vert.x" compares the medians of CPU and, in parentheses, the least.

                """.formatted(CONNECTIONS, STREAMS)
                + table.text("", new RaceTable.Reference("× Vert.x", HelloServers.VERTX))
                + "\n"
                + table.othersText();
    }
}
