package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.WebSocketPeer;
import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// An ASGI program (FastAPI's beside a bare one) whose workers take the connections of HTTP answers byte for byte as it
/// does where the JVM takes them.
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DirectHttpTest {
    private static final Pattern DATE = Pattern.compile("(?i)\r\nDate: [^\r]*");
    private static final int MUTATIONS = 400;

    private static final String PROGRAM = """
            import asyncio
            import json
            import os

            from fastapi import FastAPI, Request, WebSocket
            from fastapi.responses import FileResponse, PlainTextResponse, StreamingResponse

            api = FastAPI()


            def tell(what):
                with open(os.path.join(os.path.dirname(__file__), "told"), "a") as file:
                    file.write(what + "\\n")


            @api.get("/api/hello/{name}")
            async def hello(name: str):
                return {"hello": name}


            @api.post("/api/echo")
            async def echo(request: Request):
                return PlainTextResponse(await request.body())


            @api.get("/api/stream")
            async def stream():
                async def parts():
                    for _ in range(3):
                        yield "a part\\n"

                return StreamingResponse(parts(), media_type="text/plain")


            @api.get("/api/file")
            async def file():
                return FileResponse(__file__)


            @api.get("/api/large/{size}")
            async def large(size: int):
                return PlainTextResponse("x" * size)


            @api.get("/api/fails")
            async def fails():
                raise ValueError("as it was asked to")


            @api.get("/api/close")
            async def close():
                return PlainTextResponse("bye", headers={"Connection": "close"})


            @api.get("/api/empty")
            async def empty():
                return PlainTextResponse(status_code=204)


            @api.get("/api/waits")
            async def waits():
                await asyncio.sleep(1.5)
                return PlainTextResponse("at last")


            @api.websocket("/api/socket")
            async def socket(websocket: WebSocket):
                await websocket.accept()
                await websocket.send_text(await websocket.receive_text())
                await websocket.close()


            @api.get("/api/own")
            async def own(request: Request):
                # Whether this process has the connection: by its inode.
                with open("/proc/self/net/tcp") as file:
                    lines = [line.split() for line in file][1:]
                ends = [line[9] for line in lines if int(line[2].rpartition(":")[2], 16) == request.client.port]
                descriptors = [os.readlink(each.path) for each in os.scandir("/proc/self/fd") if os.path.islink(each.path)
                               and os.path.exists(each.path)]
                return any(f"socket:[{inode}]" in descriptors for inode in ends)


            async def application(scope, receive, send):
                if scope["type"] == "lifespan" or scope["path"].startswith("/api/"):
                    await api(scope, receive, send)
                    return
                if scope["path"] == "/gone":
                    await receive()
                    tell("begun")
                    tell((await receive())["type"])
                    return
                shown = {key: scope[key] for key in ("method", "path", "root_path", "http_version", "scheme")}
                for key in ("raw_path", "query_string"):
                    shown[key] = scope[key].decode("latin-1")
                shown["headers"] = [[part.decode("latin-1") for part in pair] for pair in scope["headers"]]
                shown["server"] = scope["server"][0]
                shown["client"] = scope["client"][0]
                shown["asgi"] = scope["asgi"]
                body, more = b"", True
                while more:
                    message = await receive()
                    body += message.get("body", b"")
                    more = message.get("more_body", False)
                shown["body"] = body.decode("latin-1")
                await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/json")]})
                await send({"type": "http.response.body", "body": json.dumps(shown).encode()})
            """;

    private LoomgateProcess on;
    private LoomgateProcess off;
    private SocketAddress direct;
    private SocketAddress relayed;

    private Path directory;

    @BeforeAll
    void start(@TempDir Path its) throws Exception {
        directory = its;
        on = start("on");
        off = start("off");
        direct = on.address();
        relayed = off.address();
    }

    @AfterAll
    void stop() throws Exception {
        try (RawClient idle = RawClient.connect(direct)) {
            assertThat(answer(idle.send(get("/api/hello/x")))).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(on.signal("TERM").status()).isZero();
            assertThat(idle.receiveAll()).isEmpty();
        } finally {
            on.close();
            off.close();
        }
    }

    private LoomgateProcess start(String mode) throws Exception {
        Path its = Files.createDirectory(directory.resolve(mode));
        Path program = Files.writeString(its.resolve("site_over_http.py"), PROGRAM);
        Files.setLastModifiedTime(program, FileTime.fromMillis(1_700_000_000_000L)); // which responses tell
        return LoomgateProcess.start(
                its,
                "--python",
                Python.DEBIAN,
                "--http",
                "127.0.0.1:0",
                "-w",
                "site_over_http:application",
                "--processes",
                "2",
                "--direct",
                mode,
                "--log-format",
                "%(method) %(uri) %(status)");
    }

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n";
    }

    private static String post(String fields, String body) {
        return "POST /api/echo HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n" + body;
    }

    private static String plain(String answer) {
        return DATE.matcher(answer).replaceAll("\r\nDate: then");
    }

    /// What comes for one request after the other, and when the client has ended its side.
    private static String answers(SocketAddress server, List<String> requests) throws IOException {
        StringBuilder all = new StringBuilder();
        try (RawClient client = RawClient.connect(server)) {
            for (String request : requests.subList(0, requests.size() - 1)) {
                client.send(request);
                all.append(answer(client));
            }
            client.send(requests.getLast()).endOutput();
            all.append(client.receiveText());
        }
        return plain(all.toString());
    }

    // One with a length.
    private static String answer(RawClient client) throws IOException {
        StringBuilder answer = new StringBuilder();
        int end = -1;
        while (end < 0 || answer.length() < end + length(answer)) {
            byte[] some = client.receive(65536);
            assertThat(some).as("after %s", answer).isNotEmpty();
            answer.append(new String(some, StandardCharsets.ISO_8859_1));
            int found = answer.indexOf("\r\n\r\n");
            end = found < 0 ? -1 : found + 4;
        }
        return answer.toString();
    }

    private static int length(CharSequence head) {
        var found = Pattern.compile("(?i)\r\nContent-Length: (\\d+)\r\n").matcher(head);
        return found.find() ? Integer.parseInt(found.group(1)) : 0;
    }

    static List<List<String>> conversations() {
        String hello = get("/api/hello/you");
        return List.of(
                List.of(hello, get("/api/hello/%C3%A9?a=b"), get("/scope/%2F//x?%zz=%"), hello),
                List.of(hello + hello + hello),
                List.of(hello, hello + get("/api/file") + hello, ""),
                List.of(post("Content-Length: 5\r\n", "hello"), post("Content-Length: 0\r\n", ""), hello),
                List.of(post("Content-Length: 5\r\n", "hel")),
                List.of(post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"), hello),
                List.of(post("Content-Length: 200000\r\n", "y".repeat(200_000)), hello),
                List.of(post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello")),
                List.of(post("Content-Length: +5\r\n", "hello")),
                List.of(get("/api/empty"), hello),
                List.of(get("/api/large/60000"), get("/api/large/300000"), hello),
                List.of(get("/api/file")),
                List.of(get("/api/fails")),
                List.of(get("/api/waits") + hello),
                List.of(get("/api/close")),
                List.of(hello, get("/api/close")),
                List.of(hello.replace("GET", "HEAD") + hello),
                List.of(hello.replace("GET", "OPTIONS"), hello.replace("GET", "BREW")),
                List.of(hello.replace("HTTP/1.1", "HTTP/1.0")),
                List.of(hello.replace("\r\n\r\n", "\r\nConnection: keep-alive\r\n\r\n"), hello),
                List.of(hello.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")),
                List.of(hello.replace("Host: h", "X: y")),
                List.of("\r\n" + hello),
                List.of(hello.replace("\r\n", "\n")),
                List.of(get("/" + "x".repeat(9000))),
                List.of(get("/x").replace("Host", "X-Large: " + "x".repeat(50_000) + "\r\nHost")),
                List.of(get("/x").replace("Host", "X-Larger: " + "x".repeat(70_000) + "\r\nHost")),
                List.of(get("/x").replace("Host", "X: y\r\n".repeat(300) + "Host")),
                List.of("\u0016\u0003\u0001 no TLS here"),
                List.of(""));
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void answersAreThoseOfTheJvms(List<String> requests) throws Exception {
        assertThat(answers(direct, requests)).isEqualTo(answers(relayed, requests));
    }

    @Test
    void headsThatAreNotQuiteRightToo() throws Exception {
        List<String> seeds = List.of(
                "GET /a/b?c=d HTTP/1.1\r\nHost: h.example:80\r\nX-A: b\r\nAccept: */*\r\nCookie: a=b\r\n\r\n",
                "POST /%41%c3%a9?x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\nContent-Type: a/b\r\n\r\nabc",
                "PUT / HTTP/1.1\r\nhost:h\r\nx-empty:\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n");
        List<String> inserted = List.of(
                "\0",
                "\t",
                "\n",
                "\r",
                " ",
                "%",
                "%00",
                "%zz",
                "_",
                ":",
                ",",
                "#",
                "?",
                "/",
                "//",
                "..",
                "\u0080",
                "\u00ff",
                "\u007f",
                "\"",
                "[",
                "@",
                "0",
                "-",
                "Host: x\r\n",
                "\r\n",
                "Content-Length: 3\r\n",
                "Cookie: c\r\n",
                "Transfer-Encoding: chunked\r\n",
                "Expect: 100-continue\r\n",
                "TE: trailers\r\n",
                "Proxy: p\r\n",
                "Content-Type: c\r\n",
                "Upgrade: x\r\n",
                "Connection: close\r\n",
                "Connection: Keep-Alive\r\n",
                "X_Y: z\r\n");
        Random random = new Random(97);
        for (int i = 0; i < MUTATIONS; i++) {
            StringBuilder head = new StringBuilder(seeds.get(random.nextInt(seeds.size())));
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                int at = random.nextInt(head.length());
                switch (random.nextInt(4)) {
                    case 0 -> head.deleteCharAt(at);
                    case 1 -> head.setCharAt(at, (char) random.nextInt(256));
                    case 2 -> head.insert(at, inserted.get(random.nextInt(inserted.size())));
                    default -> {
                        int line = head.indexOf("\r\n", at);
                        head.insert(line < 0 ? at : line + 2, inserted.get(random.nextInt(inserted.size())));
                    }
                }
            }
            List<String> request = List.of(head.toString());
            assertThat(answers(direct, request)).as("%d: %s", i, head).isEqualTo(answers(relayed, request));
        }
    }

    @Test
    void everyCutOfARequestIsAnswered() throws Exception {
        String request = post("Content-Length: 5\r\n", "hello");
        String expected = answers(relayed, List.of(request));
        for (int cut : IntStream.range(1, request.length()).toArray()) {
            try (RawClient client = RawClient.connect(direct)) {
                client.send(request.substring(0, cut))
                        .send(request.substring(cut))
                        .endOutput();
                assertThat(plain(client.receiveText())).as("cut at %d", cut).isEqualTo(expected);
            }
        }
    }

    @Test
    void workersHaveTheConnections() throws Exception {
        assertThat(on.err()).contains("; workers take its connections (--direct)");
        Eventually.await(
                "a worker's", () -> answers(direct, List.of(get("/api/own"))).endsWith("true"));
        assertThat(answers(relayed, List.of(get("/api/own")))).endsWith("false");
        Eventually.await("its line", () -> on.out().contains("GET /api/own 200"));
    }

    @Test
    void aClientIsToldToGoOn() throws Exception {
        for (SocketAddress server : List.of(direct, relayed)) {
            try (RawClient client = RawClient.connect(server)) {
                client.send(post("Content-Length: 5\r\nExpect: 100-continue\r\n", ""));
                assertThat(answer(client)).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
                assertThat(answer(client.send("hello")))
                        .startsWith("HTTP/1.1 200 OK\r\n")
                        .endsWith("\r\n\r\nhello");
            }
        }
    }

    @Test
    void aStreamComesInParts() throws Exception {
        for (SocketAddress server : List.of(direct, relayed)) {
            // Which parts come together isn't settled.
            assertThat(answers(server, List.of(get("/api/stream") + get("/api/hello/x"))))
                    .containsPattern("(a part\\s+[0-9a-f\r\n]*){3}")
                    .endsWith("{\"hello\":\"x\"}");
        }
    }

    @Test
    void aConnectionBecomesAWebSocket() throws Exception {
        for (SocketAddress server : List.of(direct, relayed)) {
            try (WebSocketPeer socket = WebSocketPeer.to(server, "/api/socket")) {
                assertThat(socket.text("hello").next().text()).isEqualTo("hello");
                assertThat(socket.next().closeCode()).isEqualTo(1000);
            }
        }
    }

    @Test
    void aClientMayKnowThatHttp2IsSpoken() throws Exception {
        for (SocketAddress server : List.of(direct, relayed)) {
            try (RawClient client = RawClient.connect(server)) {
                client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").send(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
                byte[] settings = client.receive(9);
                assertThat(settings).startsWith(0, 0).hasSize(9);
                assertThat(settings[3]).as("SETTINGS").isEqualTo((byte) 4);
            }
        }
    }

    @Test
    void aSlowClientHoldsNobodyUp() throws Exception {
        String expected = answers(relayed, List.of(get("/api/large/60000")));
        try (RawClient slow = RawClient.connectWithSmallBuffer(direct, Duration.ofSeconds(20))) {
            slow.send(get("/api/large/60000"));
            for (int i = 0; i < 20; i++) {
                assertThat(answers(direct, List.of(get("/api/hello/x")))).endsWith("{\"hello\":\"x\"}");
            }
            assertThat(plain(answer(slow))).isEqualTo(expected);
            assertThat(answer(slow.send(get("/api/hello/y")))).endsWith("{\"hello\":\"y\"}");
        }
    }

    @Test
    void aReloadLosesNoRequest() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                RawClient idle = RawClient.connect(direct)) {
            assertThat(answer(idle.send(get("/api/hello/x")))).doesNotContain("Connection: close");
            List<Future<Integer>> clients = Stream.generate(() -> threads.submit(() -> askUntil(over)))
                    .limit(3)
                    .toList();
            try {
                on.signal("HUP").await(Pattern.compile("generation 2 serves"));
                on.signal("HUP").await(Pattern.compile("generation 3 serves"));
                Eventually.await("who kept it", () -> answers(direct, List.of(get("/api/own")))
                        .endsWith("true"));
            } finally {
                over.set(true);
            }
            for (Future<Integer> client : clients) {
                assertThat(client.get()).isPositive();
            }
            // Its worker has ended, and the server has it.
            assertThat(answer(idle.send(get("/api/hello/x")))).contains("\r\nConnection: close\r\n");
        }
    }

    // Each has an answer; who is told to connect again does.
    private int askUntil(AtomicBoolean over) throws IOException {
        int answers = 0;
        while (!over.get()) {
            try (RawClient client = RawClient.connect(direct)) {
                String answer = "";
                while (!over.get() && !answer.contains("\r\nConnection: close\r\n")) {
                    answer = answer(client.send(get("/api/hello/x")));
                    assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n");
                    answers++;
                }
            }
        }
        return answers;
    }

    @Test
    void aProgramGetsToKnowThatItsClientHasGone() throws Exception {
        for (SocketAddress server : List.of(direct, relayed)) {
            Path told = directory.resolve(server == direct ? "on/told" : "off/told");
            try (RawClient client = RawClient.connect(server)) {
                client.send(get("/gone"));
                Eventually.await("its beginning", () -> Files.exists(told) && lines(told) == 1);
                client.reset();
            }
            Eventually.await("its end", () -> lines(told) == 2);
            assertThat(Files.readAllLines(told)).containsExactly("begun", "http.disconnect");
        }
    }

    private static int lines(Path file) throws IOException {
        return Files.readAllLines(file).size();
    }
}
