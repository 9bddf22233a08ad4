package dev.loomgate.bench.harness;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/// Load by [EchoClients], in this process: an answer is a message that has come back.
///
/// @param broadcast one client speaks, and all get it; else each gets its own back
/// @param path where the WebSockets are
public record EchoLoad(int connections, Duration duration, boolean broadcast, String path) implements LoadGenerator {
    public EchoLoad(int connections, Duration duration) {
        this(connections, duration, false);
    }

    public EchoLoad(int connections, Duration duration, boolean broadcast) {
        this(connections, duration, broadcast, EchoClients.PATH);
    }

    @Override
    public WrkReport run(String url, List<String> options) throws IOException {
        URI where = URI.create(url);
        try (EchoClients clients = EchoClients.open(connections, where.getHost(), where.getPort(), path)) {
            EchoClients.Echoes echoes =
                    broadcast ? clients.broadcast(duration.toNanos()) : clients.run(duration.toNanos());
            return new WrkReport(
                    echoes.messages(),
                    0,
                    0,
                    echoes.messages() / echoes.seconds(),
                    echoes.millis().at(0.5),
                    echoes.millis().at(0.99));
        }
    }
}
