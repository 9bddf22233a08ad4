package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.cli.ctl.CtlCommand;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import dev.loomgate.testkit.peers.Python;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `loomgate ctl` and a server with a control socket.
@Tag("timing")
@Timeout(120)
class ControlTest {
    private static final String WSGI = """
            import time

            def wait():
                time.sleep(600)  # here

            def application(environ, start_response):
                if environ["PATH_INFO"] == "/hang":
                    wait()
                start_response("200 OK", [])
                return [b"hello"]
            """;

    private static final String GREENLETS = """
            import asyncio
            import greenlet

            def wait():
                me = greenlet.getcurrent()
                asyncio.get_event_loop().call_later(600, me.switch)
                me.parent.switch()  # here

            def application(environ, start_response):
                if environ["PATH_INFO"] == "/hang":
                    wait()
                start_response("200 OK", [])
                return [b"hello"]
            """;

    private static final String GEVENT = """
            import gevent

            def wait():
                gevent.sleep(600)  # here

            def application(environ, start_response):
                if environ["PATH_INFO"] == "/hang":
                    wait()
                start_response("200 OK", [])
                return [b"hello"]
            """;

    private static final String ASGI = """
            import asyncio

            async def wait():
                await asyncio.sleep(600)  # here

            async def application(scope, receive, send):
                if scope["path"] == "/hang":
                    await wait()
                await send({"type": "http.response.start", "status": 200, "headers": []})
                await send({"type": "http.response.body", "body": b"hello"})
            """;

    private static final String JAVA = """
            import dev.loomgate.gateway.*;
            import dev.loomgate.loop.Loop;
            import java.time.Duration;

            public class Hang implements Application {
                @Override
                public Body call(Environ environ, StartResponse start) throws Exception {
                    if (environ.path().equals("/hang")) {
                        hang();
                    }
                    start.start(Status.OK, Headers.of());
                    return Body.text("hello");
                }

                private static void hang() throws Exception {
                    Loop.sleep(Duration.ofSeconds(600));
                }
            }
            """;

    private static final List<String> SECRETS = List.of("SECRET1", "SECRET2", "SECRET3");
    private static final String ID = "(?m)^(\\S+) .*GET +/hang.*$";

    @TempDir
    private Path directory;

    /// What a command has printed.
    private record Said(int status, String out, String err) {}

    private static Said ctl(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = CtlCommand.commandLine(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .execute(args);
        return new Said(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Said at(String... words) {
        List<String> args = new ArrayList<>(
                List.of("--control", directory.resolve("control.sock").toString()));
        args.addAll(List.of(words));
        return ctl(args.toArray(String[]::new));
    }

    private String said(String... words) {
        Said said = at(words);
        assertThat(said.err()).isEmpty();
        assertThat(said.status()).isZero();
        return said.out();
    }

    private LoomgateProcess start(String... args) throws Exception {
        List<String> all = new ArrayList<>(List.of("--python", Python.DEBIAN, "--control", "control.sock"));
        all.addAll(List.of(args));
        LoomgateProcess started = LoomgateProcess.start(directory, all.toArray(String[]::new));
        Eventually.await("the control socket", () -> Files.exists(directory.resolve("control.sock")));
        return started;
    }

    private static RawClient get(LoomgateProcess server, String target) throws Exception {
        URI uri = server.uri("");
        return RawClient.connect(new InetSocketAddress(uri.getHost(), uri.getPort()))
                .send(("GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\nCookie: session=SECRET1\r\n"
                                + "Authorization: Basic SECRET2\r\nX-Api-Key: SECRET3\r\n\r\n")
                        .formatted(target)
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private String hungId() throws Exception {
        Matcher matcher = Pattern.compile(ID).matcher(hung());
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    // A listing may miss it, while it goes from the worker to the server.
    private String hung(String... options) throws Exception {
        String[] verb = Stream.concat(Stream.of("requests"), Stream.of(options)).toArray(String[]::new);
        List<String> listings = new ArrayList<>();
        Eventually.await("a request that hangs", () -> {
            listings.add(said(verb));
            return listings.getLast().contains("/hang");
        });
        return listings.getLast();
    }

    static Stream<Arguments> places() {
        return Stream.of(
                Arguments.of("sync", WSGI, List.of("--processes", "1"), "time.sleep(600)", "is stuck in GET /hang"),
                Arguments.of("threads", WSGI, List.of("--threads", "4"), "time.sleep(600)", "is stuck in GET /hang"),
                Arguments.of("asyncio", GREENLETS, List.of("--asyncio", "8", "--greenlet"), "me.parent.switch()", ""),
                Arguments.of("gevent", GEVENT, List.of("--gevent", "8"), "gevent.sleep(600)", ""),
                Arguments.of("asgi", ASGI, List.of("--processes", "1"), "await asyncio.sleep(600)", ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("places")
    void aPythonRequestIsListedHasAStackAndIsCancelled(
            String mode, String program, List<String> options, String line, String afterwards) throws Exception {
        Files.writeString(directory.resolve("program.py"), program);
        List<String> args =
                new ArrayList<>(List.of("--http", "127.0.0.1:0", "-w", "program:application", "--log-request-id"));
        args.addAll(options);
        try (LoomgateProcess server = start(args.toArray(String[]::new));
                RawClient client = get(server, "/hang")) {
            String id = hungId();
            assertThat(said("requests")).contains("worker 1 (pid ").contains("program");
            assertThat(said("requests").lines())
                    .as("one line of names, one request")
                    .hasSize(2);
            Eventually.await("its stack", () -> said("stack", id).contains(line));
            assertThat(said("cancel", id)).contains("is cancelled");
            assertThat(client.receiveText()).startsWith("HTTP/1.1 504");
            String named = "[A-Z]+ \\[[0-9a-v]+-[0-9a-v]+] .*";
            server.await(Pattern.compile(named + "GET /hang: cancelled by an operator \\(loomgate ctl\\)"));
            server.await(Pattern.compile(afterwards.isEmpty() ? "" : named + Pattern.quote(afterwards)));
            Eventually.await("the worker answers", () -> answer(server).endsWith("hello"));
            assertThat(at("stack", id)).satisfies(gone -> {
                assertThat(gone.status()).isEqualTo(1);
                assertThat(gone.err()).startsWith("loomgate ctl: no request " + id);
            });
        }
    }

    private static String answer(LoomgateProcess server) throws Exception {
        try (RawClient client = get(server, "/")) {
            return client.receiveText();
        }
    }

    @Test
    void aRequestThatAWorkerHasTakenItselfIsListedHasAStackAndIsCancelled() throws Exception {
        Files.writeString(directory.resolve("program.py"), WSGI);
        Path socket = directory.resolve("app.sock");
        try (LoomgateProcess server = start("-s", socket.toString(), "-w", "program", "--threads", "2")) {
            SocketAddress address = UnixDomainSocketAddress.of(socket);
            try (RawClient client = RawClient.connect(address)
                    .send(UwsgiPacket.request("GET", "/hang")
                            .with("HTTP_COOKIE", "session=SECRET1")
                            .with("REMOTE_ADDR", "\u009b2J")
                            .bytes())) {
                String id = hungId();
                assertThat(hung()).contains("\\x9b2J").doesNotContain("\u009b");
                assertThat(hung("--json")).contains("\\u009b2J").doesNotContain("\u009b");
                Eventually.await("its stack", () -> said("stack", id).contains("time.sleep(600)"));
                assertThat(said("cancel", id)).contains("is cancelled");
                assertThat(client.receiveText()).contains("504");
                server.await(Pattern.compile("GET /hang: cancelled by an operator"));
                server.await(Pattern.compile("is stuck in GET /hang, which an operator has cancelled"));
            }
        }
    }

    /// Which it does with what takes longer than a second.
    @Test
    void oneThatItHasHandedOverSinceIsStillKnownByItsId() throws Exception {
        Files.writeString(directory.resolve("program.py"), WSGI);
        Path socket = directory.resolve("app.sock");
        try (LoomgateProcess server = start("-s", socket.toString(), "-w", "program", "--threads", "2");
                RawClient client = RawClient.connect(UnixDomainSocketAddress.of(socket))
                        .send(UwsgiPacket.request("GET", "/hang").bytes())) {
            String id = hungId();
            Pattern handedOver = Pattern.compile("(?m)^\\d+ .*/hang");
            Eventually.await(
                    "it is the server's",
                    () -> handedOver.matcher(said("requests")).find());
            assertThat(said("stack", id)).contains("time.sleep(600)");
            assertThat(said("cancel", id)).contains("is cancelled");
            assertThat(client.receiveText()).contains("504");
            server.await(Pattern.compile("GET /hang: cancelled by an operator"));
        }
    }

    @Test
    void aJavaRequestIsListedHasAStackAndIsCancelled() throws Exception {
        Files.writeString(directory.resolve("Hang.java"), JAVA);
        try (LoomgateProcess server = start("--http", "127.0.0.1:0", "--app", "Hang.java");
                RawClient client = get(server, "/hang")) {
            String id = hungId();
            assertThat(said("requests")).contains("loop ").contains("java").contains("sleeping");
            assertThat(at("workers", "add")).satisfies(none -> {
                assertThat(none.status()).isOne();
                assertThat(none.err()).contains("there are no workers: no Python application is served");
            });
            assertThat(said("reload"))
                    .contains("no Python application to reload; Java applications need a restart, or --touch-reload");
            assertThat(said("stack", id)).contains("Hang.hang(");
            said("cancel", id);
            assertThat(client.receiveText()).startsWith("HTTP/1.1 504");
            server.await(Pattern.compile("GET /hang: cancelled by an operator"));
        }
    }

    @Test
    void everyVerbWorksAndNoneTellsSecrets() throws Exception {
        Files.writeString(directory.resolve("program.py"), WSGI);
        StringBuilder all = new StringBuilder();
        try (LoomgateProcess server = start("--http", "127.0.0.1:0", "-w", "program", "--processes", "2");
                RawClient client = get(server, "/hang?a=%1b")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("control.sock"))))
                    .isEqualTo("rw-------");
            String id = hungId();
            all.append(said("status")).append(said("requests")).append(said("stack", id));
            for (String verb : List.of("status", "requests", "workers", "logs", "dump")) {
                assertThat(said(verb, "--json").strip()).matches("(?s)[\\[{].*[\\]}]");
                all.append(said(verb, "--json"));
            }
            all.append(said("stack", id, "--json"));
            assertThat(said("status")).contains("accepting").contains("true");
            assertThat(said("workers")).contains("program").contains("busy");
            said("workers", "remove");
            server.await(Pattern.compile("1 workers, 2 before"));
            said("workers", "add");
            server.await(Pattern.compile("2 workers, 1 before"));
            all.append(said("logs"));
            assertThat(all).contains("2 workers, 1 before");
            said("pause");
            assertThat(said("status")).contains("accepting").contains("false");
            server.await(Pattern.compile("loomgate ctl: new connections wait"));
            said("resume");
            server.await(Pattern.compile("loomgate ctl: connections are served again"));
            Matcher worker = Pattern.compile("worker (\\d+) \\(pid").matcher(said("requests"));
            assertThat(worker.find()).isTrue();
            said("workers", "kill", worker.group(1));
            server.await(Pattern.compile("is killed: loomgate ctl"));
            assertThat(client.receiveText()).startsWith("HTTP/1.1 502");
            said("workers", "reload");
            said("reload");
            server.await(Pattern.compile("is reloaded: generation 2"));
            all.append(said("dump")).append(said("logs"));
            said("stop", "--now");
            assertThat(server.status()).isZero();
            all.append(server.err());
        }
        assertThat(all.toString()).doesNotContain(SECRETS);
        assertThat(directory.resolve("control.sock")).doesNotExist();
    }

    @Test
    void aScriptReadsFiguresAndNotSentences() throws Exception {
        Files.writeString(directory.resolve("program.py"), WSGI);
        JsonMapper json = JsonMapper.builder().build();
        try (LoomgateProcess server = start("--http", "127.0.0.1:0", "-w", "program", "--processes", "2");
                RawClient client = get(server, "/hang")) {
            hungId();
            Eventually.await(
                    "both workers",
                    () -> json.readTree(said("status", "--json"))
                                    .at("/applications/0/workers")
                                    .intValue()
                            == 2);
            JsonNode status = json.readTree(said("status", "--json"));
            assertThat(status.get("requests_in_flight").intValue()).isOne();
            JsonNode application = status.at("/applications/0");
            assertThat(application.get("application").asString()).isEqualTo("program");
            assertThat(application.get("generation").intValue()).isOne();
            assertThat(application.get("waiting").intValue()).isZero();
            assertThat(said("status"))
                    .contains("requests in flight  1", "program (generation 1, workers 2, waiting 0)");
            JsonNode worker = json.readTree(said("workers", "--json")).get(0);
            assertThat(worker.get("harakiri").intValue()).isZero();
            assertThat(worker.get("resident_bytes").longValue()).isPositive();
            Said problem = at("stack", "4711", "--json");
            assertThat(problem.status()).isOne();
            assertThat(json.readTree(problem.err()).get("problem").asString()).startsWith("no request 4711");
            assertThat(server.isAlive()).isTrue();
            assertThat(client).isNotNull();
        }
    }

    @Test
    void theLogIsFollowedUntilTheServerStops() throws Exception {
        try (LoomgateProcess server = start("--http", "127.0.0.1:0", "--static-map", "/=" + directory)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Thread follower = Thread.ofPlatform().start(() -> CtlCommand.commandLine(
                            new PrintStream(out, true, StandardCharsets.UTF_8), System.err)
                    .execute("--control", directory.resolve("control.sock").toString(), "logs", "-f"));
            Eventually.await("the request's line", () -> {
                answer(server);
                return out.toString(StandardCharsets.UTF_8).contains("GET / ");
            });
            said("stop");
            assertThat(server.status()).isZero();
            follower.join();
        }
    }

    @Test
    void followingEndsWithItsReader() throws Exception {
        try (LoomgateProcess server = start("--http", "127.0.0.1:0", "--static-map", "/=" + directory)) {
            PipedInputStream reader = new PipedInputStream();
            PrintStream out = new PrintStream(new PipedOutputStream(reader), true, StandardCharsets.UTF_8);
            Thread follower = Thread.ofPlatform().start(() -> CtlCommand.commandLine(out, System.err)
                    .execute("--control", directory.resolve("control.sock").toString(), "logs", "-f"));
            answer(server);
            assertThat(reader.read()).isPositive();
            reader.close();
            Eventually.await("it has ended", () -> {
                answer(server);
                return !follower.isAlive();
            });
        }
    }

    @Test
    void whatIsWrongIsSaidInOneLine() throws Exception {
        Path nothing = directory.resolve("nothing.sock");
        expect(1, "there is no such socket", "--control", nothing.toString(), "status");
        Path dead = directory.resolve("dead.sock");
        leaveBehind(dead);
        expect(1, "no server listens there", "--control", dead.toString(), "status");
        expect(2, "there is no verb \"stauts\"", "--control", dead.toString(), "stauts");
        expect(2, "there is no verb \"stack\"; did you mean stack ID?", "--control", dead.toString(), "stack");
        expect(2, "give a verb", "--control", dead.toString());
        expect(2, "--stop is for drain, and not for status", "--control", dead.toString(), "status", "--stop");
        expect(2, "--now is for stop, and not for drain", "--control", dead.toString(), "drain", "--now");
        expect(2, "\"../x\" is no id", "--control", dead.toString(), "stack", "../x");
        expect(2, "Unknown option", "--control", dead.toString(), "--nonsense", "status");
    }

    private static void leaveBehind(Path socket) throws IOException {
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(socket));
        }
    }

    private static void expect(int status, String line, String... args) {
        Said said = ctl(args);
        assertThat(said.status()).isEqualTo(status);
        assertThat(said.out()).isEmpty();
        assertThat(said.err()).startsWith("loomgate ctl: ").contains(line);
        assertThat(said.err().lines()).hasSize(1);
    }
}
