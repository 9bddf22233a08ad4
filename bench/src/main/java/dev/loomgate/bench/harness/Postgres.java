package dev.loomgate.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Debian's PostgreSQL on a free port of 127.0.0.1, with a new cluster in a folder of its own, where everybody may log
/// in. It won't run as root: there it runs as the user `postgres`.
public final class Postgres implements AutoCloseable {
    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ServerProcess process;
    private final String url;

    private Postgres(ServerProcess process, String url) {
        this.process = process;
        this.url = url;
    }

    /// Makes the cluster, starts the server, and waits until it takes connections.
    ///
    /// @param folder where its own is made; others must be allowed to enter it
    /// @throws IOException if it isn't installed, or doesn't start
    public static Postgres start(Path folder) throws IOException, InterruptedException {
        Path programs = programs();
        Path own = Files.createTempDirectory(folder, "postgres");
        if (isRoot()) {
            Command.output(List.of("chown", "postgres", own.toString()), LIMIT);
        }
        Command.output(
                asPostgres(
                        programs.resolve("initdb").toString(),
                        "--auth=trust",
                        "--username=postgres",
                        "--no-sync",
                        "--no-instructions",
                        "--pgdata=" + own.resolve("data")),
                LIMIT);
        Address address = Address.free();
        ServerProcess process = ServerProcess.start(
                "PostgreSQL",
                asPostgres(
                        programs.resolve("postgres").toString(),
                        "-D",
                        own.resolve("data").toString(),
                        "-h",
                        address.host(),
                        "-p",
                        Integer.toString(address.port()),
                        "-k",
                        "",
                        "-F"),
                folder);
        Postgres server =
                new Postgres(process, "jdbc:postgresql://" + address.hostAndPort() + "/postgres?user=postgres");
        try {
            server.awaitConnection();
            return server;
        } catch (IOException | InterruptedException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static Path programs() throws IOException {
        if (Files.isDirectory(VERSIONS)) {
            try (Stream<Path> versions = Files.list(VERSIONS)) {
                List<Path> found = versions.map(version -> version.resolve("bin"))
                        .filter(programs -> Files.isExecutable(programs.resolve("initdb")))
                        .sorted()
                        .toList();
                if (!found.isEmpty()) {
                    return found.getLast();
                }
            }
        }
        throw new IOException("no PostgreSQL in " + VERSIONS + " (apt-get install postgresql)");
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static List<String> asPostgres(String... command) {
        List<String> whole = new ArrayList<>();
        if (isRoot()) {
            whole.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        whole.addAll(List.of(command));
        return whole;
    }

    private void awaitConnection() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try (Connection _ = DriverManager.getConnection(url)) {
                return;
            } catch (SQLException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw new IOException("PostgreSQL takes no connection", e);
                }
                Thread.sleep(50);
            }
        }
    }

    /// Where it is, with its user, for a JDBC driver.
    public String url() {
        return url;
    }

    @Override
    public void close() {
        process.close();
    }
}
