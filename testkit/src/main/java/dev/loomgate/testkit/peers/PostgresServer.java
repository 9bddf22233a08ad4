package dev.loomgate.testkit.peers;

import dev.loomgate.testkit.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A real PostgreSQL on a free port of 127.0.0.1, with a new cluster, where everybody may log in. It won't run as
/// root: there it runs as the user `postgres`. What it has confirmed it has again after [#kill] and [#restart].
///
/// ```java
/// try (PostgresServer postgres = PostgresServer.start()) {
///     postgres.ask("SELECT 1");
/// }
/// ```
public final class PostgresServer implements AutoCloseable {
    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
    private static final int TRIES = 5;

    private final Path directory;
    private final Path programs;
    private final int port;
    private Program program;

    private PostgresServer(Path directory, Path programs, int port) throws IOException {
        this.directory = directory;
        this.programs = programs;
        this.port = port;
        program = run();
    }

    /// Makes the cluster, in a temporary directory that [#close] removes, and waits until it takes connections.
    ///
    /// @throws IOException if it isn't installed, or doesn't start; with what it says
    public static PostgresServer start() throws IOException, InterruptedException {
        Path programs = programs();
        // Not in a test's own directory, which the user postgres can't enter.
        Path directory = Files.createTempDirectory("loomgate-postgres-");
        try {
            if (isRoot()) {
                Processes.run("chown", "postgres", directory.toString());
            }
            Processes.run(asPostgres(
                            programs.resolve("initdb").toString(),
                            "--auth=trust",
                            "--username=postgres",
                            "--no-sync",
                            "--no-instructions",
                            "--pgdata=" + directory.resolve("data"))
                    .toArray(String[]::new));
            return new PostgresServer(directory, programs, Nginx.freePort());
        } catch (IOException | InterruptedException | RuntimeException e) {
            remove(directory);
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

    private Program run() throws IOException {
        IOException last = new IOException("never tried");
        for (int i = 0; i < TRIES; i++) {
            try {
                // No fsync: what it has written survives its own end, if not the machine's.
                return Program.start(
                                directory,
                                asPostgres(
                                        programs.resolve("postgres").toString(),
                                        "-D",
                                        directory.resolve("data").toString(),
                                        "-h",
                                        "127.0.0.1",
                                        "-p",
                                        Integer.toString(port),
                                        "-k",
                                        "",
                                        "-F"))
                        .await(this::isReady);
            } catch (IOException e) {
                last = e;
                if (!String.valueOf(e.getMessage()).contains("shared memory")) {
                    break;
                }
                // A process of the killed one is still ending.
            }
        }
        throw last;
    }

    private boolean isReady() throws IOException {
        try {
            ask("SELECT 1");
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (AssertionError e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /// Where it is, with its user, for a JDBC driver.
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
    }

    /// Sends a signal, such as `STOP`, to all of its processes.
    public void signal(String name) throws IOException, InterruptedException {
        List<ProcessHandle> children = children();
        Processes.signal(program.pid(), name);
        for (ProcessHandle each : children) {
            try {
                Processes.signal(each.pid(), name);
            } catch (IOException e) {
                if (Processes.exists(each.pid())) {
                    throw e;
                }
            }
        }
    }

    private List<ProcessHandle> children() {
        return ProcessHandle.of(program.pid())
                .map(main -> main.descendants().toList())
                .orElse(List.of());
    }

    /// Kills all of its processes, by SIGKILL.
    public void kill() throws IOException, InterruptedException {
        List<ProcessHandle> children = children();
        Processes.signal(program.pid(), "KILL");
        children.forEach(ProcessHandle::destroyForcibly);
        program.close();
    }

    /// Starts it again, after [#kill], at the same port.
    public void restart() throws IOException {
        program = run();
    }

    /// Has its own client do these statements.
    ///
    /// @return what they answer, without decoration
    public String ask(String sql) throws IOException, InterruptedException {
        return Processes.run(
                programs.resolve("psql").toString(),
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-U",
                "postgres",
                "-Atq",
                "-v",
                "ON_ERROR_STOP=1",
                "-c",
                sql);
    }

    private static void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path each : files.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            // A temporary directory.
        }
    }

    @Override
    public void close() {
        try {
            kill();
        } catch (IOException e) {
            // It has ended meanwhile.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        program.close();
        remove(directory);
    }
}
