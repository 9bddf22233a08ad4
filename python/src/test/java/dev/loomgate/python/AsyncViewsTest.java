package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Limits;
import dev.loomgate.server.Server;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.peers.Python;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `async def` of WSGI programs in one worker of mode asyncio: views of Flask and Django, with Debian's releases and
/// those of the virtual environment that LOOMGATE_CURRENT_PYTHON names, and an application that is one itself.
@Timeout(120)
final class AsyncViewsTest {
    private static final int AT_ONCE = 50;

    @TempDir
    private Path directory;

    /// @param home the virtual environment with its framework, or empty for Debian's packages
    record Site(String module, String home) {
        @Override
        public String toString() {
            return module + (home.isEmpty() ? ", Debian's" : ", current");
        }
    }

    static Stream<Site> sites() {
        Stream<String> homes = Stream.concat(Stream.of(""), Python.currentHome().map(Path::toString).stream());
        return homes.flatMap(home -> Stream.of("flask_views", "django_views").map(module -> new Site(module, home)));
    }

    private Server server(Site site) throws Exception {
        TestPrograms.copy("async_views/" + site.module() + ".py", directory);
        PythonOptions.Builder options = TestPrograms.options(directory, site.module())
                .environment(TestPrograms.environment(directory))
                .mode(new WorkerMode.Asyncio(AT_ONCE + 10));
        if (!site.home().isEmpty()) {
            options.interpreter(site.home() + "/bin/python");
        }
        return Servers.start(PythonApplication.of(options.build()));
    }

    @ParameterizedTest
    @MethodSource("sites")
    void viewsAreTasksOfTheWorkersLoop(Site site) throws Exception {
        try (Server server = server(site)) {
            // Its threads: the main one, and at most one of the server's that the program sees.
            assertThat(Servers.ask(server, "/hello/cup?who=me").text()).matches("True True [12]");
            assertThat(Servers.ask(server, "/broken").text()).isEqualTo("handled: as it was told");
            assertAllWaitTogether(server, "/wait?all=" + AT_ONCE + "&number=");
        }
    }

    @ParameterizedTest
    @MethodSource("sites")
    void oneWhoseClientGoesIsCancelled(Site site) throws Exception {
        try (Server server = server(site)) {
            try (HttpPeer peer = Servers.peer(server)) {
                peer.get("/late");
                Eventually.await(
                        "begun", () -> Servers.ask(server, "/notes").text().equals("began"));
            }
            Eventually.await(
                    "cancelled", () -> Servers.ask(server, "/notes").text().equals("began cancelled"));
        }
    }

    @Test
    void anApplicationMayBeACoroutineFunction() throws Exception {
        PythonOptions options = TestPrograms.source(directory, """
                        import asyncio

                        here = set()

                        async def application(environ, start_response):
                            start_response("200 OK", [("Content-Type", "text/plain")])
                            query = environ["QUERY_STRING"]
                            if query == "late":
                                await asyncio.sleep(60)
                            here.add(query)
                            while len(here) < 50:
                                await asyncio.sleep(0.005)

                            async def chunks():
                                yield b"to"
                                await asyncio.sleep(0.001)
                                yield b"gether"

                            return chunks()
                        """)
                .mode(new WorkerMode.Asyncio(AT_ONCE + 10))
                .build();
        Duration limit = Duration.ofSeconds(5);
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(
                        PythonApplication.of(options),
                        change -> change.limits(
                                Limits.builder().requestTimeout(limit).build()));
                HttpPeer late = Servers.peer(server)) {
            late.get("/?late");
            assertAllWaitTogether(server, "/?");
            assertThat(late.answer().status()).isEqualTo(504);
            assertThat(log.await("in application")).contains("[worker 1]").contains("written.py");
        }
    }

    /// Each of these requests is answered when all of them have begun.
    private static void assertAllWaitTogether(Server server, String target) throws Exception {
        List<HttpPeer> peers = new ArrayList<>();
        try {
            for (int i = 0; i < AT_ONCE; i++) {
                peers.add(Servers.peer(server).get(target + i));
            }
            for (HttpPeer peer : peers) {
                assertThat(peer.answer().text()).isEqualTo("together");
            }
        } finally {
            for (HttpPeer peer : peers) {
                peer.close();
            }
        }
    }
}
