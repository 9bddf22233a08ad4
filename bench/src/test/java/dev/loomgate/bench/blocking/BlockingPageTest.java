package dev.loomgate.bench.blocking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.bench.harness.Postgres;
import dev.loomgate.gateway.Application;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import java.io.StringWriter;
import java.lang.reflect.Field;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The program of docs/blocking.md with a pool of connections is one, with each of the three databases: no note that
/// several clients write at once, on two loops, is lost.
@Timeout(60)
class BlockingPageTest {
    private static final Pattern PROGRAM =
            Pattern.compile("```java\n((?:import [^\n]+\n)+\nclass Notes .*?)```", Pattern.DOTALL);
    private static final int NOTES = 40;

    @TempDir
    private Path folder;

    @Test
    void notesAreKeptInH2() throws Exception {
        assertThat(notesKept("jdbc:h2:mem:notes")).isEqualTo(NOTES);
    }

    @Test
    void notesAreKeptInSqlite() throws Exception {
        assertThat(notesKept("jdbc:sqlite:" + folder.resolve("notes.db") + "?journal_mode=WAL&busy_timeout=10000"))
                .isEqualTo(NOTES);
    }

    @Test
    void notesAreKeptInPostgresql() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (Postgres postgres = Postgres.start(folder)) {
            assertThat(notesKept(postgres.url())).isEqualTo(NOTES);
        }
    }

    private int notesKept(String database) throws Exception {
        System.setProperty("notes.database", database);
        try (URLClassLoader loader =
                        new URLClassLoader(new URL[] {compiled().toUri().toURL()});
                HttpClient client = HttpClient.newHttpClient()) {
            Field application = loader.loadClass("Notes").getDeclaredField("application");
            application.setAccessible(true);
            Field pool = loader.loadClass("Notes").getDeclaredField("POOL");
            pool.setAccessible(true);
            try (AutoCloseable _ = (AutoCloseable) pool.get(null);
                    Server server = Server.builder((Application) application.get(null))
                            .listen(ListenAddress.http("127.0.0.1:0"))
                            .options(ServerOptions.builder()
                                    .loops(2)
                                    .accessLog(false)
                                    .build())
                            .start()) {
                URI notes = URI.create("http://127.0.0.1:"
                        + ((InetSocketAddress) server.addresses().getFirst().socketAddress()).getPort() + "/notes");
                write(client, notes);
                String all = client.send(HttpRequest.newBuilder(notes).build(), BodyHandlers.ofString())
                        .body();
                return all.split("\"text\"", -1).length - 1;
            }
        } finally {
            System.clearProperty("notes.database");
        }
    }

    private static void write(HttpClient client, URI notes) throws Exception {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = IntStream.range(0, NOTES)
                    .mapToObj(i -> HttpRequest.newBuilder(notes)
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString("{\"text\": \"note " + i + "\"}"))
                            .build())
                    .map(request -> clients.submit(
                            () -> client.send(request, BodyHandlers.ofString()).statusCode()))
                    .toList();
            for (Future<Integer> each : answers) {
                assertThat(each.get()).isEqualTo(201);
            }
        }
    }

    private Path compiled() throws Exception {
        Matcher program = PROGRAM.matcher(Files.readString(Path.of("..", "docs/blocking.md")));
        assertThat(program.find()).isTrue();
        Path source = Files.writeString(folder.resolve("Notes.java"), program.group(1));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(
                            messages,
                            files,
                            null,
                            List.of(
                                    "-parameters",
                                    "-d",
                                    folder.toString(),
                                    "-cp",
                                    System.getProperty("java.class.path")),
                            null,
                            files.getJavaFileObjects(source))
                    .call();
            assertThat(compiled).as(messages.toString()).isTrue();
        }
        return folder;
    }
}
