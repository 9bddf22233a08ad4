package dev.loomgate.gateway.lint;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.WebSocket;
import dev.loomgate.gateway.specification.Clause;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Uses of WebSockets that break the specification.
final class WebSocketCases {
    private static final String REQUEST = ", in GET /app/path";
    private static final WebSocket.Handler SILENT = socket -> {};

    private WebSocketCases() {}

    static List<Case> all() {
        return Stream.of(heads(), uses(), containers()).flatMap(List::stream).toList();
    }

    private static List<Case> heads() {
        return List.of(
                Case.of(
                        Clause.WEBSOCKET_OFFERED,
                        "the status is 101 Switching Protocols" + REQUEST,
                        accepting(new Headers(), Body.webSocket(SILENT))),
                of(
                        Clause.WEBSOCKET_BODY,
                        "the status is 101 Switching Protocols, and the body is a Text" + REQUEST,
                        accepting(new Headers(), Body.text("hello"))),
                of(
                        Clause.WEBSOCKET_BODY,
                        "the status is 200 OK, and the body is a WebSocketBody" + REQUEST,
                        Case.answering(Body.webSocket(SILENT))),
                new Case(Clause.WEBSOCKET_BODY, "the status is 403 Forbidden when the handler runs" + REQUEST, lint -> {
                    StartResponse[] kept = new StartResponse[1];
                    Application application = lint.wrap((environ, start) -> {
                        kept[0] = start;
                        return accepting(new Headers(), Body.webSocket(SILENT)).call(environ, start);
                    });
                    Container.answer(
                            (environ, start) -> {
                                Body body = application.call(environ, start);
                                kept[0].start(Status.of(403), new Headers(), new IOException("no"));
                                return body;
                            },
                            Requests.webSocket());
                }),
                head(
                        Clause.WEBSOCKET_SUBPROTOCOL,
                        "of the subprotocols [chat, superchat], [mqtt] are set",
                        "Sec-WebSocket-Protocol",
                        "mqtt"),
                head(
                        Clause.WEBSOCKET_SUBPROTOCOL,
                        "of the subprotocols [chat, superchat], [chat, superchat] are set",
                        "Sec-WebSocket-Protocol",
                        "chat",
                        "Sec-WebSocket-Protocol",
                        "superchat"),
                head(
                        Clause.WEBSOCKET_FIELDS,
                        "sec-websocket-accept is \"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\"",
                        "sec-websocket-accept",
                        "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
                head(Clause.LENGTH_WITHOUT_CONTENT, "Content-Length is \"0\"", "Content-Length", "0"));
    }

    private static List<Case> uses() {
        return List.of(
                handler(
                        Clause.WEBSOCKET_RECEIVER,
                        "receive() was called in thread #",
                        socket -> Case.elsewhere(() -> receive(socket))),
                new Case(
                        Clause.WEBSOCKET_RECEIVER,
                        "receive() was called after the handler returned" + REQUEST,
                        lint -> {
                            List<WebSocket> kept = new ArrayList<>();
                            Container.answer(lint.wrap(serving(kept::add)), Requests.webSocket());
                            kept.getFirst().receive();
                        }),
                handler(Clause.WEBSOCKET_LAST, "receive() was called" + REQUEST, socket -> {
                    while (socket.receive() != null) {}
                }),
                handler(
                        Clause.WEBSOCKET_SENT,
                        "null was sent" + REQUEST,
                        socket -> socket.send((String) Case.nothing())),
                handler(
                        Clause.WEBSOCKET_SENT,
                        "null was sent" + REQUEST,
                        socket -> socket.send((byte[]) Case.nothing())),
                code(1005, "", "close was called with 1005 and \"\""),
                code(1006, "", "close was called with 1006 and \"\""),
                code(1015, "", "close was called with 1015 and \"\""),
                code(2999, "", "close was called with 2999 and \"\""),
                code(5000, "", "close was called with 5000 and \"\""),
                code(1000, "\u00e9".repeat(62), "close was called with 1000 and \""));
    }

    private static List<Case> containers() {
        return List.of(
                socket(
                        Clause.WEBSOCKET_RECEIVED,
                        "receive() returned null" + REQUEST,
                        WebSocket::receive,
                        new ScriptedSocket(text -> {}) {
                            @Override
                            public Message receive() {
                                return Case.nothing();
                            }
                        }),
                socket(
                        Clause.WEBSOCKET_CLOSED,
                        "a send returned" + REQUEST,
                        WebSocketCases::sendLate,
                        new ScriptedSocket(text -> {}) {
                            @Override
                            public void send(String text) {}
                        }),
                socket(
                        Clause.WEBSOCKET_CLOSED,
                        "a send threw java.io.IOException: pipe" + REQUEST,
                        WebSocketCases::sendLate,
                        new ScriptedSocket(text -> {}) {
                            @Override
                            public void send(String text) throws IOException {
                                throw new IOException("pipe");
                            }
                        }),
                new Case(Clause.CONTENT_ONCE, "the handler was run again" + REQUEST, lint -> {
                    try (Body body = lint.wrap(serving(SILENT)).call(Requests.webSocket(), (a, b, c) -> {})) {
                        ((Body.WebSocketBody) body).handler().handle(new ScriptedSocket(text -> {}));
                        ((Body.WebSocketBody) body).handler().handle(new ScriptedSocket(text -> {}));
                    }
                }));
    }

    private static void receive(WebSocket socket) {
        try {
            socket.receive();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void sendLate(WebSocket socket) throws Exception {
        while (!(socket.receive() instanceof WebSocket.Closed)) {}
        socket.send("late");
    }

    private static Case of(Clause clause, String value, Application application) {
        return Case.of(clause, value, Requests.webSocket(), application);
    }

    private static Case head(Clause clause, String value, String... fields) {
        return of(clause, value + REQUEST, (environ, start) -> {
            Headers headers = new Headers();
            for (int i = 0; i < fields.length; i += 2) {
                headers.add(fields[i], fields[i + 1]);
            }
            return accepting(headers, Body.webSocket(SILENT)).call(environ, start);
        });
    }

    private static Case code(int code, String reason, String value) {
        return handler(Clause.WEBSOCKET_CODE, value, socket -> socket.close(code, reason));
    }

    private static Case handler(Clause clause, String value, WebSocket.Handler handler) {
        return of(clause, value, serving(handler));
    }

    /// A case in which the container's socket is at fault.
    private static Case socket(Clause clause, String value, WebSocket.Handler handler, WebSocket socket) {
        return new Case(clause, value, lint -> {
            try (Body body = lint.wrap(serving(handler)).call(Requests.webSocket(), (a, b, c) -> {})) {
                ((Body.WebSocketBody) body).handler().handle(socket);
            }
        });
    }

    private static Application serving(WebSocket.Handler handler) {
        return (environ, start) -> environ.webSocket().orElseThrow().accept(start, handler);
    }

    private static Application accepting(Headers headers, Body body) {
        return (environ, start) -> {
            start.start(Status.SWITCHING_PROTOCOLS, headers);
            return body;
        };
    }
}
