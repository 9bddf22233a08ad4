package dev.loomgate.bench.tracker.helidon;

import dev.loomgate.tracker.Database;

/// The tracker as a program, at its port: configured by `TRACKER_DATABASE` and `TRACKER_PASSWORD`, as the original.
public final class HelidonTracker {
    private HelidonTracker() {}

    /// @param args the port
    public static void main(String[] args) throws Exception {
        Database database =
                new Database(System.getenv().getOrDefault("TRACKER_DATABASE", "jdbc:h2:mem:tracker;DB_CLOSE_DELAY=-1"));
        String password = System.getenv("TRACKER_PASSWORD");
        if (password != null) {
            database.setPassword("admin", password);
        }
        HelidonSite.server(database)
                .host("127.0.0.1")
                .port(Integer.parseInt(args[0]))
                .build()
                .start();
    }
}
