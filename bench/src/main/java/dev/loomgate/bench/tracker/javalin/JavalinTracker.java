package dev.loomgate.bench.tracker.javalin;

import dev.loomgate.tracker.Database;
import io.javalin.Javalin;

/// The tracker as a program, at its port: configured by `TRACKER_DATABASE` and `TRACKER_PASSWORD`, as the original.
public final class JavalinTracker {
    private JavalinTracker() {}

    /// @param args the port
    public static void main(String[] args) throws Exception {
        Database database =
                new Database(System.getenv().getOrDefault("TRACKER_DATABASE", "jdbc:h2:mem:tracker;DB_CLOSE_DELAY=-1"));
        String password = System.getenv("TRACKER_PASSWORD");
        if (password != null) {
            database.setPassword("admin", password);
        }
        Javalin server = JavalinSite.application(database).start("127.0.0.1", Integer.parseInt(args[0]));
        Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
    }
}
