package dev.loomgate.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.WebSocket;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.WebSocketPeer;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Spans of real requests.
@Timeout(60)
class TracingTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";
    private static final String TRACEPARENT = "traceparent: 00-" + TRACE + "-" + PARENT + "-01\r\n";

    private static String current() {
        return Span.current().getSpanContext().getSpanId();
    }

    private static Application answering(Status status, String text) {
        return (environ, startResponse) -> {
            startResponse.start(status, Headers.of("Content-Type", "text/plain"));
            return Body.text(text);
        };
    }

    private static Map<String, String> attributes(SpanData span) {
        return span.getAttributes().asMap().entrySet().stream()
                .collect(Collectors.toMap(
                        each -> each.getKey().getKey(), each -> each.getValue().toString()));
    }

    @Test
    void aSpanHasTheConventionsAttributesAndNothingSecret() throws Exception {
        try (Traced site = new Traced(answering(Status.OK, "hello"))) {
            String secrets = "Cookie: secret=1\r\nAuthorization: secret\r\nX-Api-Key: secret\r\n";
            site.get("/user/7?token=secret", "User-Agent: curl/8\r\n" + secrets);
            SpanData span = site.span();
            assertThat(span.getName()).isEqualTo("GET");
            assertThat(span.getKind()).isEqualTo(SpanKind.SERVER);
            assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
            assertThat(attributes(span))
                    .containsEntry("http.request.method", "GET")
                    .containsEntry("http.response.status_code", "200")
                    .containsEntry("url.path", "/user/7")
                    .containsEntry("url.scheme", "http")
                    .containsEntry("server.address", "shop.example")
                    .containsEntry("client.address", "127.0.0.1")
                    .containsEntry("user_agent.original", "curl/8")
                    .containsEntry("network.protocol.version", "1.1")
                    .doesNotContainKeys("http.route", "error.type");
            assertThat(span.toString()).doesNotContain("secret");
        }
    }

    @Test
    void aSpanContinuesTheTraceOfItsRequest() throws Exception {
        try (Traced site = new Traced(answering(Status.OK, "hello"))) {
            site.get("/", TRACEPARENT + "tracestate: vendor=1\r\n");
            SpanData span = site.span();
            assertThat(span.getTraceId()).isEqualTo(TRACE);
            assertThat(span.getParentSpanId()).isEqualTo(PARENT);
            assertThat(span.getSpanContext().getTraceState().get("vendor")).isEqualTo("1");
        }
    }

    @Test
    void theEnvironNamesTheSpanInPlaceOfItsParent() throws Exception {
        Application fields = (environ, startResponse) -> answering(
                        Status.OK, environ.text("HTTP_TRACEPARENT", "-") + " " + environ.text("HTTP_TRACESTATE", "-"))
                .call(environ, startResponse);
        try (Traced site = new Traced(fields)) {
            String seen =
                    site.get("/", TRACEPARENT + "tracestate: vendor=1\r\n").text();
            assertThat(seen).isEqualTo("00-" + TRACE + "-" + site.span().getSpanId() + "-01 vendor=1");
        }
    }

    @Test
    void aTraceThatMakesNoSenseIsBegunAnew() throws Exception {
        Application fields = (environ, startResponse) -> answering(
                        Status.OK, environ.text("HTTP_TRACEPARENT", "-") + " " + environ.text("HTTP_TRACESTATE", "-"))
                .call(environ, startResponse);
        try (Traced site = new Traced(fields)) {
            String seen = site.get("/", "traceparent: 00-zz-1-01\r\ntracestate: vendor=1\r\n")
                    .text();
            SpanData span = site.span();
            assertThat(span.getParentSpanContext().isValid()).isFalse();
            // With both flags: it is sampled, and of random numbers.
            assertThat(seen).isEqualTo("00-" + span.getTraceId() + "-" + span.getSpanId() + "-03 -");
        }
    }

    @Test
    void theSpanIsCurrentInEachPartOfTheResponse() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        Application streaming = (environ, startResponse) -> {
            seen.add("call " + current());
            startResponse.start(Status.OK, new Headers());
            Body body = environ.path().equals("/chunks")
                    ? Body.chunks(() -> Stream.of("chunk")
                            .peek(text -> seen.add("body " + current()))
                            .map(text -> text.getBytes(StandardCharsets.UTF_8))
                            .iterator())
                    : Body.stream(writer -> {
                        seen.add("body " + current());
                        writer.write(new byte[] {1});
                    });
            return body.onClose(() -> seen.add("close " + current()));
        };
        try (Traced site = new Traced(streaming)) {
            for (String path : List.of("/chunks", "/stream")) {
                site.get(path, "");
            }
            List<String> ids = site.spans(2).stream().map(SpanData::getSpanId).toList();
            assertThat(seen)
                    .containsExactly(
                            "call " + ids.getFirst(),
                            "body " + ids.getFirst(),
                            "close " + ids.getFirst(),
                            "call " + ids.getLast(),
                            "body " + ids.getLast(),
                            "close " + ids.getLast());
        }
    }

    @Test
    void aWebSocketsSpanIsCurrentUntilItsEnd() throws Exception {
        Application sockets =
                (environ, startResponse) -> environ.webSocket().orElseThrow().accept(startResponse, socket -> {
                    while (socket.receive() instanceof WebSocket.Text) {
                        socket.send(current());
                    }
                });
        try (Traced site = new Traced(sockets)) {
            String told;
            try (WebSocketPeer peer = WebSocketPeer.to(site.address(), "/chat")) {
                told = peer.text("who?").next().text();
                peer.closeWith(1000, "");
            }
            assertThat(told).isEqualTo(site.span().getSpanId());
            assertThat(attributes(site.span())).containsEntry("http.response.status_code", "101");
        }
    }

    record User(String name) {}

    static final class Users {
        User get(String name) {
            return new User(name);
        }
    }

    @Test
    void aSpanIsNamedByItsRouteAndNotByItsPath() throws Exception {
        try (Traced site = new Traced(WebApplication.of(Rule.of("/user/<name>", Users.class)))) {
            assertThat(site.get("/user/bob", "").text()).contains("bob");
            assertThat(site.span().getName()).isEqualTo("GET /user/<name>");
            assertThat(attributes(site.span())).containsEntry("http.route", "/user/<name>");
        }
    }

    @Test
    void theContainerHearsOfTheRouteToo() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        Application routing = (environ, startResponse) -> {
            environ.routed("/here");
            return answering(Status.OK, "").call(environ, startResponse);
        };
        Application traced = new Tracing(OpenTelemetry.noop()).wrap(routing);
        try (Server server = Server.builder(traced)
                        .options(Traced.quietly())
                        .observe(() -> request -> heard.add(request.route()))
                        .listen(ListenAddress.http("127.0.0.1:0"))
                        .start();
                HttpPeer peer = HttpPeer.to(server.addresses().getFirst().socketAddress())) {
            peer.get("/").answer();
            assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("/here");
        }
    }

    @Test
    void aFailureIsTheSpans() throws Exception {
        Application failing = (environ, startResponse) -> {
            throw new IllegalStateException("on purpose");
        };
        try (Traced site = new Traced(failing)) {
            assertThat(site.get("/", "").status()).isEqualTo(500);
            SpanData span = site.span();
            assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(attributes(span))
                    .containsEntry("error.type", "java.lang.IllegalStateException")
                    .containsEntry("http.response.status_code", "500");
            assertThat(span.getEvents()).extracting(each -> each.getName()).containsExactly("exception");
        }
    }

    @Test
    void aFailureWhileABodyIsWrittenIsTheSpans() throws Exception {
        Application failing = (environ, startResponse) -> {
            startResponse.start(Status.OK, new Headers());
            return Body.stream(writer -> {
                throw new IllegalStateException("on purpose");
            });
        };
        try (Traced site = new Traced(failing)) {
            site.get("/", "");
            assertThat(site.span().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(attributes(site.span())).containsEntry("error.type", "java.lang.IllegalStateException");
        }
    }

    @Test
    void anAnswerOf500IsAnErrorAndOneOf400IsNot() throws Exception {
        Application both = (environ, startResponse) -> answering(
                        environ.path().equals("/mine") ? Status.of(503) : Status.NOT_FOUND, "")
                .call(environ, startResponse);
        try (Traced site = new Traced(both)) {
            site.get("/mine", "");
            site.get("/yours", "");
            assertThat(site.spans(2))
                    .extracting(span -> span.getStatus().getStatusCode(), span -> span.getAttributes()
                            .get(AttributeKey.stringKey("error.type")))
                    .containsExactly(tuple(StatusCode.ERROR, "503"), tuple(StatusCode.UNSET, null));
        }
    }

    @Test
    void aMethodThatNobodyDefinesMakesNoNameOfItsOwn() throws Exception {
        try (Traced site = new Traced(answering(Status.OK, ""));
                HttpPeer peer = HttpPeer.to(site.address())) {
            peer.send("BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n").answer();
            assertThat(site.span().getName()).isEqualTo("HTTP");
            assertThat(attributes(site.span()))
                    .containsEntry("http.request.method", "_OTHER")
                    .containsEntry("http.request.method_original", "BREW");
        }
    }

    @Test
    void spansOfTheApplicationAreChildren() throws Exception {
        BlockingQueue<Traced> itself = new LinkedBlockingQueue<>();
        Application working = (environ, startResponse) -> {
            Traced site = itself.poll(20, TimeUnit.SECONDS);
            Span work = site.telemetry().getTracer("site").spanBuilder("work").startSpan();
            Thread.sleep(1); // another microthread may run meanwhile
            work.end();
            return answering(Status.OK, "").call(environ, startResponse);
        };
        try (Traced site = new Traced(working)) {
            itself.add(site);
            site.get("/", "");
            SpanData work = site.spans(2).getFirst();
            SpanData request = site.spans(2).getLast();
            assertThat(work.getName()).isEqualTo("work");
            assertThat(work.getParentSpanId()).isEqualTo(request.getSpanId());
        }
    }
}
