package dev.loomgate.tracker;

import dev.loomgate.server.Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/// The tracker as a program, configured by its environment:
///
/// | variable | default | |
/// |---|---|---|
/// | `TRACKER_PASSWORD` | none | of the user `admin`, who is made at the start; must be there the first time |
/// | `TRACKER_DATABASE` | `jdbc:h2:mem:tracker` | any database that H2 opens: `jdbc:h2:/var/lib/tracker/issues` |
/// | `TRACKER_SECRET_FILE` | a new one each time | a file with what signs the sessions, 16 bytes at least |
public final class Tracker {
    private Tracker() {}

    /// Serves it, at the addresses that [Server#run] takes.
    public static void main(String[] args) throws Exception {
        Map<String, String> environment = System.getenv();
        Database database =
                new Database(environment.getOrDefault("TRACKER_DATABASE", "jdbc:h2:mem:tracker;DB_CLOSE_DELAY=-1"));
        String password = environment.get("TRACKER_PASSWORD");
        if (password != null) {
            database.setPassword("admin", password);
        }
        String secretFile = environment.get("TRACKER_SECRET_FILE");
        String secret = secretFile == null
                ? UUID.randomUUID().toString()
                : Files.readString(Path.of(secretFile)).strip();
        Server.run(Site.application(database, secret), args);
    }
}
