package dev.loomgate.toolkit.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.toolkit.Cookie;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientTest {
    private static final Application ECHO = (environ, startResponse) -> {
        Request request = new Request(environ);
        String text = request.method() + " " + request.url() + " " + request.mimetype() + " " + request.text();
        return new Response(text).call(environ, startResponse);
    };

    @Test
    void aRequestArrivesAsItWasPutTogether() {
        Client client = Client.of(ECHO);

        assertThat(client.get("/a%20b?x=1").query("name", "Bob & co").send().text())
                .isEqualTo("GET http://localhost/a%20b?x=1&name=Bob+%26+co  ");
        assertThat(client.post("/").form("a", "1 2", "b", "ä").send().text())
                .isEqualTo("POST http://localhost/ application/x-www-form-urlencoded a=1+2&b=%C3%A4");
        assertThat(client.put("/").json(Map.of("a", 1)).send().text())
                .isEqualTo("PUT http://localhost/ application/json {\"a\":1}");
        assertThat(client.open("PROPFIND", "/")
                        .header("Host", "x.org:81")
                        .send()
                        .text())
                .isEqualTo("PROPFIND http://x.org:81/  ");
    }

    @Test
    void everyKindOfBodyIsCollectedAndClosedOnce(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("f"), "0hello9");
        byte[] hello = "hello".getBytes(StandardCharsets.UTF_8);
        for (Body body : List.of(
                Body.bytes(hello),
                Body.text("hello"),
                Body.chunks(List.of("hel".getBytes(StandardCharsets.UTF_8), "lo".getBytes(StandardCharsets.UTF_8))),
                new Body.FileBody(file, 1, 5, Body.NOTHING),
                Body.stream(writer -> writer.asOutputStream().write(hello)))) {
            AtomicInteger closed = new AtomicInteger();
            TestResponse response = Client.of((_, startResponse) -> {
                        startResponse.start(Status.OK, new Headers());
                        return body.onClose(closed::incrementAndGet);
                    })
                    .get("/")
                    .send();

            assertThat(response.text()).isEqualTo("hello");
            assertThat(closed).hasValue(1);
        }
    }

    @Test
    void aBrokenContractIsSpoken() {
        Application silent = (_, _) -> Body.empty();
        Application twice = (_, startResponse) -> {
            startResponse.start(Status.OK, new Headers());
            startResponse.start(Status.OK, new Headers());
            return Body.empty();
        };
        Application lying = (_, startResponse) -> {
            startResponse.start(Status.OK, Headers.of("Content-Length", "3"));
            return Body.text("four");
        };

        assertThatThrownBy(() -> Client.of(silent).get("/").send()).hasMessageContaining("without having called");
        assertThatThrownBy(() -> Client.of(twice).get("/").send()).hasMessageContaining("a second time");
        assertThatThrownBy(() -> Client.of(lying).get("/").send())
                .hasMessageContaining("Content-Length of 3 and sent 4 bytes");
    }

    @Test
    void theBodyIsClosedWhenWritingItFails() {
        AtomicInteger closed = new AtomicInteger();
        Response response = Response.stream("text/plain", _ -> {
                    throw new IllegalStateException("midway");
                })
                .onClose(closed::incrementAndGet);

        assertThatThrownBy(() -> Client.of(response).get("/").send()).hasMessage("midway");
        assertThat(closed).hasValue(1);
    }

    @Test
    void cookiesComeBackWhereTheyBelong() {
        Client client = Client.of((environ, startResponse) -> {
            Request request = new Request(environ);
            Response response = new Response(request.cookies().toString());
            if (request.path().equals("/set")) {
                response.cookie(Cookie.of("a", "x, y"))
                        .cookie(Cookie.of("b", "2").withPath("/sub"));
            } else if (request.path().equals("/forget")) {
                response.cookie(Cookie.expired("a"));
            }
            return response.call(environ, startResponse);
        });

        client.get("/set").send();
        assertThat(client.get("/").send().text()).isEqualTo("{a=[x, y]}");
        assertThat(client.get("/sub/x").send().text()).isEqualTo("{b=[2], a=[x, y]}");
        assertThat(client.get("/subway").send().text()).isEqualTo("{a=[x, y]}");
        client.get("/forget").send();
        assertThat(client.get("/").send().text()).isEqualTo("{}");
        client.cookies().set("c", "3");
        assertThat(client.get("/").send().text()).isEqualTo("{c=[3]}");
    }

    @Test
    void redirectsAreFollowedWhenAsked() {
        Client client = Client.of((environ, startResponse) -> {
            Request request = new Request(environ);
            Response response =
                    switch (request.path()) {
                        case "/see" -> Response.redirect("other?x=1");
                        case "/keep" -> Response.redirect("/other", 308);
                        case "/loop" -> Response.redirect("/loop");
                        case "/away" -> Response.redirect("http://elsewhere.org/");
                        default -> new Response(request.method() + " " + request.queryString() + " " + request.text());
                    };
            return response.call(environ, startResponse);
        });

        assertThat(client.post("/see").send().code()).isEqualTo(303);
        assertThat(client.post("/see").form("a", "1").follow().send().text()).isEqualTo("GET x=1 ");
        assertThat(client.post("/keep").form("a", "1").follow().send().text()).isEqualTo("POST  a=1");
        assertThatThrownBy(() -> client.get("/loop").follow().send()).hasMessageContaining("more than 10 redirects");
        assertThatThrownBy(() -> client.get("/away").follow().send()).hasMessageContaining("leads out");
    }

    @Test
    void anErrorInPlaceOfAResponseIsTakenWhileNothingWasSent() {
        Application early = (_, startResponse) -> {
            startResponse.start(Status.OK, new Headers());
            startResponse.start(Status.of(500), new Headers(), new IllegalStateException("cause"));
            return Body.text("sorry");
        };
        Application late = (_, startResponse) -> {
            startResponse.start(Status.OK, new Headers());
            return Body.stream(writer -> {
                writer.write("a");
                startResponse.start(Status.of(500), new Headers(), new IllegalStateException("the late cause"));
            });
        };

        assertThat(Client.of(early).get("/").send().code()).isEqualTo(500);
        assertThatThrownBy(() -> Client.of(late).get("/").send()).hasMessage("the late cause");
    }

    @Test
    void theHooksRunIfTheyAreAskedFor() throws Exception {
        List<String> called = new ArrayList<>();
        class Hooked implements Application, Lifecycle {
            @Override
            public Body call(Environ environ, StartResponse startResponse) {
                called.add("call");
                return new Response("").call(environ, startResponse);
            }

            @Override
            public void start() {
                called.add("start");
            }

            @Override
            public void stop() {
                called.add("stop");
            }
        }

        try (Client client = Client.started(new Hooked())) {
            client.get("/").send();
        }
        try (Client client = Client.of(new Hooked())) {
            client.get("/").send();
        }

        assertThat(called).containsExactly("start", "call", "stop", "call");
    }
}
