package dev.loomgate.bench.tables;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/// (a) Hello over keep-alive HTTP: what a server costs when it does nothing else.
public final class KeepAlive implements Table {
    private static final int CONNECTIONS = 64;

    @Override
    public String letter() {
        return "a";
    }

    @Override
    public String title() {
        return "Hello over keep-alive HTTP";
    }

    @Override
    public String measure(Setting setting) throws IOException, InterruptedException {
        HelloServers servers = new HelloServers(setting);
        Effort effort = setting.effort();
        List<Entrant> entrants = Stream.concat(servers.peers().stream(), servers.loomgate().stream())
                .filter(setting::takes)
                .toList();
        Race.Result result = new Race(CONNECTIONS, effort).run(entrants);
        RaceTable table = new RaceTable(result);
        return """
                `GET /` from `wrk -t1 -c%d`; every server gives the same answer (`peers/Hello.java`: `200`, Content-Type,
                Content-Length, Date, Server, `Hello world!`) in the same JVM with the same flags. Median (least to greatest)
                of %d rounds of %d s in turn with the others, after %d s of warm-up. "× Netty" compares the medians of CPU
                and, in parentheses, the least: disturbance only ever adds.

                """.formatted(
                                CONNECTIONS,
                                effort.rounds(),
                                effort.round().toSeconds(),
                                effort.warmUp().toSeconds())
                + table.text("", new RaceTable.Reference("× Netty", HelloServers.NETTY))
                + "\n"
                + table.othersText();
    }
}
