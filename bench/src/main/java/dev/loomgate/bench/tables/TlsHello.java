package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.SelfSigned;
import java.io.IOException;
import java.util.List;

/// (n) Hello over keep-alive HTTPS: what TLS adds to a request once its connection is there.
public final class TlsHello implements Table {
    private static final int CONNECTIONS = 64;

    @Override
    public String letter() {
        return "n";
    }

    @Override
    public String title() {
        return "Hello over keep-alive HTTPS";
    }

    @Override
    public String measure(Setting setting) throws IOException, InterruptedException {
        Effort effort = setting.effort();
        SelfSigned certificate = SelfSigned.make(setting.scratch(), SelfSigned.Key.ECDSA);
        List<Entrant> entrants = new HelloServers(setting)
                .https(certificate).stream().filter(setting::takes).toList();
        Race.Result result = new Race(CONNECTIONS, effort).run(entrants);
        RaceTable table = new RaceTable(result);
        return """
                `GET /` from `wrk -t1 -c%d` over TLS 1.3, HTTP/1.1; the servers, their answer and the rounds are those of (a), the certificate's
                key is ECDSA P-256. Netty, Vert.x and Loomgate have BoringSSL (netty-tcnative) where it is said, the others the JDK's engine, \
                which is
                their default. The ratios compare the medians of CPU and, in parentheses, the least.

                """.formatted(CONNECTIONS)
                + table.text(
                        "",
                        new RaceTable.Reference("× Netty", HelloServers.NETTY + ", BoringSSL"),
                        new RaceTable.Reference("× Vert.x", HelloServers.VERTX + ", BoringSSL"))
                + "\n"
                + table.othersText();
    }
}
