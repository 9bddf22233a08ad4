package dev.loomgate.bench.blocking;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.bench.harness.Address;
import dev.loomgate.bench.harness.Connection;
import dev.loomgate.bench.harness.Postgres;
import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.loop.settings.Engine;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.testkit.LogLines;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// A database's query, or another server's answer, holds up no other request of the same loop, on any engine.
@Timeout(60)
@Tag("timing")
class DatabasesTest {
    private static Postgres postgres;

    /// @param endless a query without end, which its driver can cancel
    /// @param holds whether the driver keeps its thread meanwhile
    private record Database(String name, String url, String endless, boolean holds) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void startPostgres(@TempDir Path folder) throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        postgres = Postgres.start(folder);
    }

    @AfterAll
    static void endPostgres() {
        postgres.close();
    }

    private static Stream<Arguments> databasesOnEngines() {
        return Stream.of(
                        new Database("H2", "jdbc:h2:mem:", "select sum(x) from system_range(1, 1000000000000)", true),
                        new Database(
                                "SQLite",
                                "jdbc:sqlite::memory:",
                                "with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n",
                                true),
                        new Database("PostgreSQL", postgres.url(), "select pg_sleep(1000)", false))
                .flatMap(database -> Stream.of(Engine.values()).map(engine -> Arguments.of(database, engine)));
    }

    private static Server server(Application application, Engine engine) throws Exception {
        return Server.builder(application)
                .listen(ListenAddress.http("127.0.0.1:0"))
                .options(ServerOptions.builder()
                        .loops(1)
                        .engine(engine)
                        .holdLimit(Duration.ofMillis(100))
                        .accessLog(false)
                        .build())
                .start();
    }

    private static Application orHello(Application blocking) {
        return (environ, startResponse) -> {
            startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
            return environ.path().equals("/blocks") ? blocking.call(environ, startResponse) : Body.text("hello");
        };
    }

    private static Address addressOf(Server server) {
        return new Address(((InetSocketAddress) server.addresses().getFirst().socketAddress()).getPort(), false);
    }

    private static FutureTask<String> asked(Address address, String path) {
        FutureTask<String> answer = new FutureTask<>(() -> address.get(path).body());
        Thread.ofPlatform().daemon().start(answer);
        return answer;
    }

    @ParameterizedTest
    @MethodSource("databasesOnEngines")
    void othersAreAnsweredWhileAQueryRuns(Database database, Engine engine) throws Exception {
        CompletableFuture<Statement> running = new CompletableFuture<>();
        Application application = orHello((_, _) -> Body.text(queried(database, running)));
        try (LogLines log = LogLines.of("dev.loomgate.loop");
                Server server = server(application, engine)) {
            Address address = addressOf(server);
            FutureTask<String> blocked = asked(address, "/blocks");
            Statement statement = running.get(30, SECONDS);
            try (Connection connection = address.connect()) {
                for (int i = 0; i < 5; i++) {
                    assertThat(connection.get("/").body()).isEqualTo("hello");
                }
                assertThat(blocked).isNotDone();
                if (database.holds() && engine == Engine.LOOP) {
                    assertThat(log.await("has been held for "))
                            .contains("by: GET /blocks")
                            .contains("Rule.blocking(), Offloaded, environ.offload()");
                }
            } finally {
                cancel(statement, blocked);
            }
            assertThat(blocked.get(30, SECONDS)).isEqualTo("cancelled");
        }
    }

    private static void cancel(Statement statement, FutureTask<String> blocked) throws InterruptedException {
        while (!blocked.isDone()) { // again, where it has come before the query
            try {
                statement.cancel();
            } catch (SQLException e) {
                return; // cancelled, and closed
            }
            Thread.sleep(10);
        }
    }

    private static String queried(Database database, CompletableFuture<Statement> running) throws SQLException {
        try (java.sql.Connection connection = DriverManager.getConnection(database.url());
                Statement statement = connection.createStatement()) {
            running.complete(statement);
            statement.executeQuery(database.endless());
            return "ended";
        } catch (SQLException e) {
            return "cancelled";
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void othersAreAnsweredWhileAnotherServerIsAsked(Engine engine) throws Exception {
        try (ServerSocket slow = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + slow.getLocalPort() + "/"))
                    .build();
            Application application = orHello((_, _) -> Body.text(
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body()));
            try (Server server = server(application, engine)) {
                Address address = addressOf(server);
                FutureTask<String> blocked = asked(address, "/blocks");
                try (Socket accepted = slow.accept()) {
                    assertThat(address.get("/").body()).isEqualTo("hello");
                    assertThat(blocked).isNotDone();
                    accepted.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nslow"
                                    .getBytes(StandardCharsets.US_ASCII));
                    assertThat(blocked.get(30, SECONDS)).isEqualTo("slow");
                }
            }
        }
    }
}
