package dev.loomgate.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.ClientGone;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.WebSocket;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.exceptions.Forbidden;
import dev.loomgate.toolkit.resources.ResourceError;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.NotAccepted;
import dev.loomgate.toolkit.test.TestSocket;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The chat, and the toolkit's WebSockets: each scenario in process, and over HTTP.
@Timeout(120)
class ChatTest {
    enum Way {
        DIRECT,
        HTTP;

        Client of(Application application) throws Exception {
            Application checked = new Lint().wrap(application);
            return switch (this) {
                case DIRECT -> Client.started(checked);
                case HTTP -> Client.overHttp(checked);
            };
        }
    }

    /// Answers each message with what it was, until it is told to fail, or to close.
    static final class Told {
        void before(Request request) {
            if (request.path().equals("/forbidden")) {
                throw new Forbidden();
            }
        }

        void websocket(Request request, WebSocket socket) throws IOException, InterruptedException {
            while (true) {
                switch (socket.receive()) {
                    case WebSocket.Text text
                    when text.content().equals("fail") -> throw new IllegalStateException("as it was told");
                    case WebSocket.Text text when text.content().equals("close") -> socket.close(3000, "told");
                    case WebSocket.Text text -> socket.send(request.path() + " " + text.content());
                    case WebSocket.Binary binary -> socket.send(binary.content());
                    case WebSocket.Closed _ -> {
                        return;
                    }
                }
            }
        }

        String get() {
            return "a page";
        }
    }

    private static final WebApplication TOLD = WebApplication.of(
            Rule.of("/told", Told.class).asWebsocket(),
            Rule.of("/forbidden", Told.class).asWebsocket(),
            Rule.of("/page", Told.class));

    @ParameterizedTest
    @EnumSource
    void membersReadWhatOthersOfTheirRoomSay(Way way) throws Exception {
        try (Client client = way.of(new Chat());
                TestSocket one = client.webSocket("/" + way + "/messages");
                TestSocket other = client.webSocket("/" + way + "/messages");
                TestSocket elsewhere = client.webSocket("/elsewhere/messages")) {
            elsewhere.send("nobody here");
            assertThat(elsewhere.receiveText()).isEqualTo("nobody here");
            one.send("hello");
            assertThat(one.receiveText()).isEqualTo("hello");
            other.send("hello, one");
            assertThat(one.receiveText()).isEqualTo("hello, one");
            assertThat(client.get("/" + way).send().text()).contains("new WebSocket(");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aResourceTalks(Way way) throws Exception {
        try (Client client = way.of(TOLD);
                TestSocket socket = client.webSocket("/told")) {
            socket.send("hell\u00f6");
            assertThat(socket.receiveText()).isEqualTo("/told hell\u00f6");
            socket.send(new byte[] {1, 2});
            assertThat(((WebSocket.Binary) socket.receive()).content()).containsExactly(1, 2);
            socket.send("close");
            assertThat(socket.receive()).isEqualTo(new WebSocket.Closed(3000, "told"));
            assertThatThrownBy(() -> socket.send("late")).isInstanceOf(ClientGone.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void beforeAndTheRulesDecideWhoIsAccepted(Way way) throws Exception {
        try (Client client = way.of(TOLD)) {
            assertThatThrownBy(() -> client.webSocket("/forbidden"))
                    .isInstanceOfSatisfying(
                            NotAccepted.class,
                            e -> assertThat(e.response().code()).isEqualTo(403));
            assertThatThrownBy(() -> client.webSocket("/page"))
                    .isInstanceOfSatisfying(
                            NotAccepted.class,
                            e -> assertThat(e.response().code()).isEqualTo(400));
            assertThat(client.get("/told").send().code()).isEqualTo(400);
            assertThat(client.get("/page").send().text()).isEqualTo("a page");
        }
    }

    @Test
    void inProcessAFailureComesOutAsItIs() throws Exception {
        try (Client client = Way.DIRECT.of(TOLD)) {
            TestSocket socket = client.webSocket("/told");
            socket.send("fail");
            assertThatThrownBy(socket::receive)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("as it was told");
        }
    }

    @Test
    void overHttpAFailureIs1011() throws Exception {
        try (Client client = Way.HTTP.of(TOLD);
                TestSocket socket = client.webSocket("/told")) {
            socket.send("fail");
            assertThat(((WebSocket.Closed) socket.receive()).code()).isEqualTo(WebSocket.INTERNAL_ERROR);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anApplicationChoosesASubprotocol(Way way) throws Exception {
        Application application = (environ, startResponse) -> environ.webSocket()
                .orElseThrow()
                .accept(startResponse, "second", socket -> socket.send(String.valueOf(socket.subprotocol())));
        try (Client client = way.of(application);
                TestSocket socket = client.webSocket("/", new Headers(), "first", "second")) {
            assertThat(socket.subprotocol()).isEqualTo("second");
            assertThat(socket.receiveText()).isEqualTo("second");
            assertThat(((WebSocket.Closed) socket.receive()).code()).isEqualTo(WebSocket.NORMAL);
        }
    }

    static final class Returning {
        String websocket(WebSocket socket) {
            return "no";
        }
    }

    static final class Misplaced {
        String get(WebSocket socket) {
            return "no";
        }
    }

    @Test
    void aMistakeIsToldAtTheStart() {
        assertThatThrownBy(() -> WebApplication.of(Rule.of("/", Returning.class)))
                .isInstanceOf(ResourceError.class)
                .hasMessageContaining("must be void");
        assertThatThrownBy(() -> WebApplication.of(Rule.of("/", Misplaced.class)))
                .isInstanceOf(ResourceError.class)
                .hasMessageContaining("which only a method websocket has");
    }
}
