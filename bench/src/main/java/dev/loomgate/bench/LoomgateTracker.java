package dev.loomgate.bench;

import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.tracker.Database;
import dev.loomgate.tracker.Site;
import java.time.Duration;
import java.util.UUID;

/// The tracker at its port as table w starts it: with the defaults, without an access log, which its twins have none
/// of either.
public final class LoomgateTracker {
    private LoomgateTracker() {}

    /// @param args the port
    public static void main(String[] args) throws Exception {
        Database database = new Database("jdbc:h2:mem:tracker;DB_CLOSE_DELAY=-1");
        database.setPassword("admin", System.getenv("TRACKER_PASSWORD"));
        Server server = Server.builder(
                        Site.application(database, UUID.randomUUID().toString()))
                .listen(ListenAddress.http("127.0.0.1:" + args[0]))
                .options(ServerOptions.builder().accessLog(false).build())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(Duration.ofSeconds(1)), "stop"));
    }
}
