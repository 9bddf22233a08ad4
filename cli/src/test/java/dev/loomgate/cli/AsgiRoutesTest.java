package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.WebSocketPeer;
import dev.loomgate.testkit.peers.Python;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Requests of ASGI programs are counted by the routes that their frameworks leave in the scope. With Debian's FastAPI,
/// and that of the virtual environment that LOOMGATE_CURRENT_PYTHON names.
@Timeout(120)
final class AsgiRoutesTest {
    private static final String COUNT = "http_server_request_duration_seconds_count";

    private static final String PROGRAM = """
            import asyncio

            import uwsgi
            from fastapi import FastAPI, WebSocket
            from fastapi.responses import FileResponse, StreamingResponse

            application = FastAPI()
            shop = FastAPI()
            application.mount("/shop", shop)
            application.mount("/of/{customer}", shop)


            @application.get("/user/{name}")
            async def user(name: str):
                return name


            @application.get("/own/{name}")
            async def own(name: str):
                uwsgi.set_logvar("route", "/its/own")
                return name


            @application.get("/fails/{name}")
            async def fails(name: str):
                raise ValueError("as it was asked to")


            @application.get("/file/{name}")
            async def file(name: str):
                return FileResponse(__file__)


            @application.get("/endless/{name}")
            async def endless(name: str):
                async def lines():
                    while True:
                        yield "a line\\r\\n"
                        await asyncio.sleep(0.01)

                return StreamingResponse(lines())


            @shop.get("/item/{number}")
            async def item(number: int):
                return number


            @application.websocket("/echo/{name}")
            async def echo(websocket: WebSocket, name: str):
                await websocket.accept()
                await websocket.send_text(await websocket.receive_text())
                await websocket.close()


            @application.websocket("/denied/{name}")
            async def denied(websocket: WebSocket, name: str):
                await websocket.close()
            """;

    // What Litestar does, which Debian doesn't have.
    private static final String LEAVES_A_TEMPLATE = """
            async def application(scope, receive, send):
                if scope["type"] == "http":
                    scope["path_template"] = "/user/{name:str}"
                    await send({"type": "http.response.start", "status": 200})
                    await send({"type": "http.response.body", "body": b"hello"})
            """;

    @TempDir
    private Path directory;

    static Stream<String> interpreters() {
        return Stream.concat(Stream.of(Python.DEBIAN), Python.current().stream().map(Path::toString));
    }

    @ParameterizedTest
    @MethodSource("interpreters")
    void fastApisAreCountedByTheirTemplates(String interpreter) throws Exception {
        Files.writeString(directory.resolve("site_of_routes.py"), PROGRAM);
        try (LoomgateProcess loomgate = start(interpreter, "site_of_routes:application")) {
            SocketAddress server = loomgate.address();
            for (String target : List.of("/user/SECRET1", "/user/SECRET2", "/own/x", "/fails/x", "/file/x")) {
                get(server, target);
            }
            for (String target : List.of("/shop/item/7", "/of/SECRET3/item/7", "/nowhere/SECRET4")) {
                get(server, target);
            }
            try (HttpPeer post = HttpPeer.to(server)) {
                post.send("POST /user/x HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
                assertThat(post.answer().status()).isEqualTo(405);
            }
            try (WebSocketPeer echo = WebSocketPeer.to(server, "/echo/x")) {
                assertThat(echo.text("hello").next().text()).isEqualTo("hello");
                assertThat(echo.next().closeCode()).isEqualTo(1000);
            }
            try (HttpPeer leaving = HttpPeer.to(server)) {
                leaving.get("/endless/x");
                while (!leaving.line().equals("a line")) {
                    // The head, and lengths of chunks.
                }
                leaving.reset();
            }
            MetricsPages pages = pages();
            Eventually.await("eleven requests", () -> MetricsPages.sum(pages.metrics(), COUNT) == 11);
            String page = pages.metrics();
            assertThat(of(page, "/user/{name}", "200")).isEqualTo(2);
            assertThat(of(page, "/user/{name}", "405")).isEqualTo(1);
            assertThat(of(page, "/its/own", "200")).isEqualTo(1);
            assertThat(of(page, "/fails/{name}", "500")).isEqualTo(1);
            assertThat(of(page, "/file/{name}", "200")).isEqualTo(1);
            assertThat(of(page, "/shop/item/{number}", "200")).isEqualTo(1);
            assertThat(of(page, "/item/{number}", "200")).isEqualTo(1);
            assertThat(of(page, "/echo/{name}", "101")).isEqualTo(1);
            assertThat(of(page, "/endless/{name}", "200")).isEqualTo(1);
            assertThat(MetricsPages.samples(page).keySet())
                    .filteredOn(sample -> sample.startsWith(COUNT) && sample.contains("code=\"404\""))
                    .singleElement()
                    .asString()
                    .doesNotContain("http_route");
            assertThat(page).doesNotContain("SECRET");
            assertThat(MetricsPages.faults(page)).isEmpty();
            try (HttpPeer denied = HttpPeer.to(server)) {
                assertThat(denied.send(WebSocketPeer.handshake("/denied/x"))
                                .answer()
                                .status())
                        .isEqualTo(403);
            }
            Eventually.await("denied", () -> of(pages.metrics(), "/denied/{name}", "403") == 1);
            Eventually.await("lines", () -> loomgate.out()
                    .lines()
                    .toList()
                    .containsAll(List.of("/user/SECRET1 /user/{name}", "/own/x /its/own", "/nowhere/SECRET4 -")));
        }
    }

    @ParameterizedTest
    @MethodSource("interpreters")
    void aTemplateInTheScopeIsTheRoute(String interpreter) throws Exception {
        Files.writeString(directory.resolve("site_of_routes.py"), LEAVES_A_TEMPLATE);
        try (LoomgateProcess loomgate = start(interpreter, "site_of_routes:application")) {
            get(loomgate.address(), "/user/SECRET1");
            MetricsPages pages = pages();
            Eventually.await("it", () -> of(pages.metrics(), "/user/{name:str}", "200") == 1);
        }
    }

    private LoomgateProcess start(String interpreter, String program) throws Exception {
        return LoomgateProcess.start(
                directory,
                "--python",
                interpreter,
                "--http",
                "127.0.0.1:0",
                "-w",
                program,
                "--metrics",
                "m",
                "--log-format",
                "%(uri) %(route)");
    }

    private MetricsPages pages() {
        return new MetricsPages(UnixDomainSocketAddress.of(directory.resolve("m")));
    }

    private static double of(String page, String route, String status) {
        return MetricsPages.sum(
                page, COUNT, "http_route=\"" + route + "\"", "http_response_status_code=\"" + status + "\"");
    }

    private static void get(SocketAddress server, String target) throws Exception {
        try (HttpPeer peer = HttpPeer.to(server)) {
            peer.get(target).answer();
        }
    }
}
