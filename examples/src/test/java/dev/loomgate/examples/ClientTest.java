package dev.loomgate.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.toolkit.Cookie;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.exceptions.NotFound;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The toolkit's client: the same scenarios with the application called directly, and over HTTP.
@Timeout(120)
class ClientTest {
    private static CountDownLatch firstPieceCame = new CountDownLatch(1);

    enum Way {
        DIRECT,
        HTTP;

        Client of(Application application) throws Exception {
            return switch (this) {
                case DIRECT -> Client.of(application);
                case HTTP -> Client.overHttp(application);
            };
        }

        Client client() throws Exception {
            return of(SITE);
        }
    }

    private static final Application SITE = (environ, startResponse) -> {
        try (Request request = new Request(environ)) {
            Application answer =
                    switch (request.path()) {
                        case "/echo" ->
                            new Response("%s %s %s %s %s"
                                    .formatted(
                                            request.method(),
                                            request.path(),
                                            request.args(),
                                            request.mimetype(),
                                            request.text()));
                        case "/set" ->
                            new Response("")
                                    .cookie(Cookie.of("a", "x; y"))
                                    .cookie(Cookie.of("b", "2").withPath("/echo-cookies/"));
                        case "/forget" -> new Response("").cookie(Cookie.expired("a"));
                        case "/echo-cookies", "/echo-cookies/x" ->
                            new Response(request.cookies().toString());
                        case "/old" -> Response.redirect("/echo?moved=1");
                        case "/kept" ->
                            Response.redirect(request.url().toString().replace("kept", "echo"), 308);
                        case "/away" -> Response.redirect("https://example.org/");
                        case "/circle" -> Response.redirect("circle");
                        case "/upload" ->
                            new Response(request.form() + " "
                                    + request.files()
                                            .first("f")
                                            .map(file -> file.filename() + " " + file.size())
                                            .orElse("-"));
                        case "/json" -> Response.json(request.json(Map.class));
                        case "/status" -> Response.empty();
                        default -> new NotFound();
                    };
            return answer.call(environ, startResponse);
        }
    };

    @ParameterizedTest
    @EnumSource(Way.class)
    void aRequestArrivesAsItWasPutTogether(Way way) throws Exception {
        try (Client client = way.client()) {
            assertThat(client.get("/echo?x=1").query("name", "Bob & co").send().text())
                    .isEqualTo("GET /echo {x=[1], name=[Bob & co]}  ");
            assertThat(client.post("/echo").form("a", "1 2", "b", "ä").send().text())
                    .isEqualTo("POST /echo {} application/x-www-form-urlencoded a=1+2&b=%C3%A4");
            assertThat(client.open("PROPFIND", "/echo").send().text()).startsWith("PROPFIND /echo");
            assertThat(client.put("/echo")
                            .body("hello".getBytes(StandardCharsets.UTF_8), "text/plain")
                            .chunked()
                            .send()
                            .text())
                    .isEqualTo("PUT /echo {} text/plain hello");
            TestResponse head = client.head("/echo").send();
            assertThat(head.body()).isEmpty();
            assertThat(head.header("Content-Length")).isEqualTo("15");
            assertThat(client.get("/status").send().code()).isEqualTo(204);
            assertThat(client.get("/none").send().code()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void cookiesComeBackWhereTheyBelong(Way way) throws Exception {
        try (Client client = way.client()) {
            client.get("/set").send();
            assertThat(client.cookies().value("b")).hasValue("2");
            assertThat(client.get("/echo-cookies").send().text()).isEqualTo("{a=[x; y]}");
            assertThat(client.get("/echo-cookies/x").send().text()).isEqualTo("{b=[2], a=[x; y]}");
            client.get("/forget").send();
            assertThat(client.get("/echo-cookies").send().text()).isEqualTo("{}");
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void redirectsAreFollowedWhenAsked(Way way) throws Exception {
        try (Client client = way.client()) {
            assertThat(client.post("/old").form("a", "1").send().code()).isEqualTo(303);
            assertThat(client.post("/old").form("a", "1").follow().send().text())
                    .isEqualTo("GET /echo {moved=[1]}  ");
            assertThat(client.post("/kept").form("a", "1").follow().send().text())
                    .isEqualTo("POST /echo {} application/x-www-form-urlencoded a=1");
            assertThatThrownBy(() -> client.get("/away").follow().send()).hasMessageContaining("leads out");
            assertThatThrownBy(() -> client.get("/circle").follow().send()).hasMessageContaining("more than 10");
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void filesAreUploadedAsABrowserDoes(Way way) throws Exception {
        byte[] large = new byte[3 << 20];
        try (Client client = way.client()) {
            assertThat(client.post("/upload")
                            .field("title", "Größe")
                            .file("f", "a \"b\".bin", "application/octet-stream", large)
                            .send()
                            .text())
                    .isEqualTo("{title=[Größe]} a \"b\".bin " + large.length);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void jsonGoesThereAndBack(Way way) throws Exception {
        record Point(int x, int y) {}
        try (Client client = way.client()) {
            TestResponse response = client.put("/json").json(new Point(1, 2)).send();

            assertThat(response.header("Content-Type")).isEqualTo("application/json");
            assertThat(response.json(Point.class)).isEqualTo(new Point(1, 2));
        }
    }

    /// The second piece is only written when the client has the first.
    @ParameterizedTest
    @EnumSource(Way.class)
    void aStreamIsReceivedWhileItIsWritten(Way way) throws Exception {
        firstPieceCame = new CountDownLatch(1);
        List<String> pieces = new ArrayList<>();
        Application streaming = (_, startResponse) -> {
            startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
            return Body.stream(writer -> {
                writer.write("first");
                if (!firstPieceCame.await(20, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("nobody received the first piece");
                }
                writer.write("second");
            });
        };
        try (Client client = way.of(streaming)) {
            TestResponse response = client.get("/")
                    .onReceived(piece -> {
                        pieces.add(new String(piece, StandardCharsets.UTF_8));
                        firstPieceCame.countDown();
                    })
                    .send();

            assertThat(pieces).containsExactly("first", "second");
            assertThat(response.text()).isEqualTo("firstsecond");
        }
    }

    @Test
    void aServerMayBeGivenByItsAddress() throws Exception {
        try (Server server = Server.builder(SITE)
                .options(ServerOptions.builder().loops(1).accessLog(false).build())
                .listen(ListenAddress.http("127.0.0.1:0"))
                .start()) {
            URI base = URI.create("http://" + server.addresses().getFirst());
            try (Client client = Client.overHttp(base)) {
                assertThat(client.get("/status").send().code()).isEqualTo(204);
            }
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), base.getPort());
            try (Client client = Client.overHttp(address)) {
                assertThat(client.get("/status").send().code()).isEqualTo(204);
            }
        }
        for (String wrong : List.of("ftp://127.0.0.1", "127.0.0.1:80", "http://127.0.0.1/path", "http:/path")) {
            assertThatThrownBy(() -> Client.overHttp(URI.create(wrong)))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anApplicationThatIsServedHereIsStartedAndStopped() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        class Hooked implements Application, Lifecycle {
            @Override
            public void start() {
                events.add("start");
            }

            @Override
            public void stop() {
                events.add("stop");
            }

            @Override
            public Body call(Environ environ, StartResponse startResponse) throws Exception {
                events.add("call");
                return SITE.call(environ, startResponse);
            }
        }

        Client client = Client.overHttp(new Hooked());
        client.get("/status").send();
        client.close();

        assertThat(events).containsExactly("start", "call", "stop");
        assertThatThrownBy(() -> client.get("/status").send()).isInstanceOf(IOException.class);
    }
}
