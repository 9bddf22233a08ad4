package dev.loomgate.gateway.lint;

import static dev.loomgate.gateway.lint.Case.answering;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.ClientGone;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.WebSocket;
import dev.loomgate.gateway.WebSocketHandshake;
import dev.loomgate.gateway.specification.LintException;
import dev.loomgate.gateway.specification.Permission;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is allowed passes in silence.
class EveryPermissionTest {
    private final List<LintException> found = new ArrayList<>();
    private final Lint lint = new Lint(found::add);

    @AfterEach
    void nothingWasFound() {
        lint.checkAllClosed();
        assertThat(found).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsAllowedPasses(Permission permission) throws Exception {
        switch (permission) {
            case APPLICATION_WAITS -> anApplicationWaits();
            case APPLICATION_THROWS -> anApplicationThrows();
            case ENVIRON_CHANGED -> theEnvironIsChanged();
            case ENVIRON_EXTENDED -> theEnvironIsExtended();
            case CLIENT_GONE_LATE -> theClientIsTakenForGone();
            case EARLY_HINTS_DROPPED -> earlyHintsAreSentOrDropped();
            case TRAILERS_DROPPED -> trailersAreSentOrDropped();
            case INPUT_IN_PARTS -> theInputComesInParts();
            case INPUT_LEFT -> theInputIsLeft();
            case INPUT_BROKEN -> theInputBreaks();
            case START_WITH_CAUSE -> theFirstStartHasACause();
            case START_REPLACED -> theHeadIsReplaced();
            case REASON_FREE ->
                answers("299 All good|", (environ, start) -> {
                    start.start(new Status(299, "All good"), new Headers());
                    return Body.empty();
                });
            case LENGTH_LEFT_OUT -> answers("200 OK|hello", Case::hello);
            case EMPTY_CHUNKS -> emptyChunks();
            case HEAD_AS_GET -> headIsAnsweredAsGet();
            case ARRAY_REUSED -> anArrayIsReused();
            case WRITER_GONE -> theWriterBreaks();
            case CONTENT_LEFT -> contentIsLeft();
            case WEBSOCKET_NOT_OFFERED -> answers("200 OK|none", WEBSOCKET_OR_NONE);
            case WEBSOCKET_DECLINED -> answers("200 OK|hello", Requests.webSocket(), Case::hello);
            case WEBSOCKET_SENDERS -> anotherThreadSends();
            case WEBSOCKET_LEFT -> aHandlerLeavesItsSocket();
            case MIDDLEWARE_BUFFERS -> aMiddlewareBuffers();
            case MIDDLEWARE_ANSWERS -> aMiddlewareAnswers();
            case FAILURE_STARTED -> theAnswerToAFailureIsStarted();
            case HOOKS_PER_LOOP -> hooksRunOnEachLoop();
        }
    }

    private void answers(String expected, Application application) throws Exception {
        answers(expected, Requests.get(), application);
    }

    private void answers(String expected, Environ environ, Application application) throws Exception {
        assertThat(Container.answer(lint.wrap(application), environ)).isEqualTo(expected);
    }

    private void anApplicationWaits() throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        answers("200 OK|hello", (environ, start) -> {
            Thread.startVirtualThread(latch::countDown);
            latch.await();
            return Case.hello(environ, start);
        });
    }

    private void theClientIsTakenForGone() throws Exception {
        answers("200 OK|hello", Requests.get(), Case::hello);
        Environ environ = Requests.get();
        environ.put("loomgate.client_gone", CompletableFuture.completedStage(null));
        answers("200 OK|hello", environ, Case::hello);
    }

    private void earlyHintsAreSentOrDropped() throws Exception {
        List<String> sent = new ArrayList<>();
        Application hinting = (environ, start) -> {
            environ.earlyHints().send("</a>; rel=preload", "</b>; rel=preload");
            return Case.hello(environ, start);
        };
        answers("200 OK|hello", Requests.hinted(sent), hinting);
        answers("200 OK|hello", hinting);
        assertThat(sent).containsExactly("</a>; rel=preload", "</b>; rel=preload");
    }

    private void trailersAreSentOrDropped() throws Exception {
        List<Headers> set = new ArrayList<>();
        Application trailing = (environ, start) -> {
            environ.trailers().set(Headers.of("Server-Timing", "total;dur=1"));
            return Case.hello(environ, start);
        };
        answers("200 OK|hello", Requests.trailed(set), trailing);
        answers("200 OK|hello", trailing);
        assertThat(set).hasSize(1);
    }

    private void anApplicationThrows() {
        IOException failure = new IOException("disk");
        Application failing = lint.wrap((environ, start) -> {
            throw failure;
        });

        assertThatThrownBy(() -> Container.answer(failing, Requests.get())).isSameAs(failure);
    }

    private void theEnvironIsChanged() throws Exception {
        Application application = lint.wrap((environ, start) -> {
            environ.remove("QUERY_STRING");
            environ.put("PATH_INFO", environ.path() + "!");
            environ.put("wsgi.input", InputStream.nullInputStream());
            return answering(Body.text(environ.path())).call(environ, start);
        });
        answers("200 OK|/path?!", (environ, start) -> {
            Environ copy = environ.copy();
            copy.put("PATH_INFO", environ.path() + "?");
            return application.call(copy, start);
        });
    }

    private void theEnvironIsExtended() throws Exception {
        Environ environ = Requests.get();
        environ.put("DOCUMENT_ROOT", "/srv");
        environ.put("server.started", LocalTime.NOON);
        answers("200 OK|hello", environ, Case::hello);
    }

    private void theInputComesInParts() throws Exception {
        InputStream slow = new ByteArrayInputStream("hello".getBytes(StandardCharsets.US_ASCII)) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                return super.read(bytes, offset, Math.min(2, length));
            }
        };
        answers("200 OK|hello", Requests.post(slow, 5), (environ, start) -> answering(
                        Body.bytes(environ.input().readAllBytes()))
                .call(environ, start));
    }

    private void theInputIsLeft() throws Exception {
        answers("200 OK|104", Requests.post("hello".getBytes(StandardCharsets.US_ASCII)), (environ, start) -> {
            int first = environ.input().read();
            environ.input().close();
            return answering(Body.text("" + first)).call(environ, start);
        });
    }

    private void theInputBreaks() throws Exception {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new ClientGone("the client disconnected");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                throw new ClientGone("the client disconnected");
            }
        };
        answers("200 OK|the client disconnected", Requests.post(broken, 5), (environ, start) -> {
            try {
                environ.input().readAllBytes();
                return Case.hello(environ, start);
            } catch (ClientGone e) {
                return answering(Body.text("" + e.getMessage())).call(environ, start);
            }
        });
    }

    private void theFirstStartHasACause() throws Exception {
        answers("500 Internal Server Error|", (environ, start) -> {
            start.start(Status.INTERNAL_SERVER_ERROR, new Headers(), new IOException("disk"));
            return Body.empty();
        });
    }

    private void theHeadIsReplaced() throws Exception {
        answers("500 Internal Server Error|sorry", (environ, start) -> {
            start.start(Status.OK, Headers.of("Content-Length", "1000"));
            return Body.stream(writer -> {
                writer.write("");
                start.start(
                        Status.INTERNAL_SERVER_ERROR,
                        Headers.of("Content-Type", "text/plain", "Content-Length", "5"),
                        new IOException("disk"));
                writer.write("sorry");
            });
        });
    }

    private void emptyChunks() throws Exception {
        answers("200 OK|", answering(Body.chunks(List.of(new byte[0], new byte[0]))));
        answers("204 No Content|", (environ, start) -> {
            start.start(Status.NO_CONTENT, new Headers());
            return Body.stream(writer -> writer.write(""));
        });
    }

    private void headIsAnsweredAsGet() throws Exception {
        for (Body body : List.of(Body.text("hello"), Body.empty(), Body.stream(writer -> writer.write("hello")))) {
            answers("200 OK|", Requests.head(), (environ, start) -> {
                start.start(Status.OK, Headers.of("Content-Type", "text/plain", "Content-Length", "5"));
                return body;
            });
        }
        answers("304 Not Modified|", (environ, start) -> {
            start.start(Status.of(304), Headers.of("Content-Length", "5"));
            return Body.empty();
        });
    }

    private void anArrayIsReused() throws Exception {
        byte[] array = new byte[1];
        answers("200 OK|ab", answering(Body.stream(writer -> {
            array[0] = 'a';
            writer.write(array);
            array[0] = 'b';
            writer.write(array);
        })));
    }

    private void theWriterBreaks() throws Exception {
        Application application = lint.wrap((environ, start) -> {
            start.start(Status.OK, Headers.of("Content-Type", "text/plain", "Content-Length", "5"));
            return Body.stream(writer -> {
                try {
                    writer.write("he");
                } catch (ClientGone e) {
                    // nobody is left to write for
                }
            });
        });
        try (Body body = application.call(Requests.get(), (status, headers, cause) -> {})) {
            ((Body.Stream) body).content().writeTo(bytes -> {
                throw new ClientGone("the client disconnected");
            });
        }
    }

    private static final Application WEBSOCKET_OR_NONE = (environ, start) -> {
        Optional<WebSocketHandshake> handshake = environ.webSocket();
        return handshake.isPresent()
                ? handshake.get().accept(start, "superchat", socket -> {
                    while (socket.receive() instanceof WebSocket.Text text) {
                        socket.send(text.content() + "!");
                    }
                })
                : answering(Body.text("none")).call(environ, start);
    };

    private void anotherThreadSends() throws Exception {
        WebSocket[] kept = new WebSocket[1];
        answers(
                "101 Switching Protocols|hello 2<1008 enough>",
                Requests.webSocket(),
                (environ, start) -> environ.webSocket().orElseThrow().accept(start, socket -> {
                    kept[0] = socket;
                    Case.elsewhere(() -> send(socket, "hello 2"));
                    Case.elsewhere(() -> socket.close(WebSocket.POLICY_VIOLATION, "enough"));
                }));

        assertThatThrownBy(() -> kept[0].send("late".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(ClientGone.class);
        kept[0].close();
    }

    private static void send(WebSocket socket, String text) {
        try {
            socket.send(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void aHandlerLeavesItsSocket() throws Exception {
        answers("101 Switching Protocols|hello!", Requests.webSocket(), WEBSOCKET_OR_NONE);
        IOException failure = new IOException("disk");
        Application failing =
                lint.wrap((environ, start) -> environ.webSocket().orElseThrow().accept(start, socket -> {
                    throw failure;
                }));
        assertThatThrownBy(() -> Container.answer(failing, Requests.webSocket()))
                .isSameAs(failure);
    }

    private void contentIsLeft() throws Exception {
        Application application = lint.wrap((environ, start) -> {
            start.start(Status.OK, Headers.of("Content-Type", "text/plain", "Content-Length", "2"));
            return Body.chunks(List.of(new byte[1], new byte[1]));
        });
        try (Body body = application.call(Requests.get(), (status, headers, cause) -> {})) {
            Iterator<byte[]> chunks = ((Body.Chunks) body).chunks();
            assertThat(chunks.hasNext()).isTrue();
            assertThat(chunks.next()).hasSize(1);
        }
        application.call(Requests.get(), (status, headers, cause) -> {}).close();
    }

    private void theAnswerToAFailureIsStarted() throws Exception {
        IOException failure = new IOException("disk");
        Middleware marking = inner -> (environ, start) ->
                inner.call(environ, StartResponse.mapping(start, (status, headers) -> headers.set("X-Mark", "1")));
        Application failing = lint.around(marking).around(lint).wrap((environ, start) -> {
            start.start(Status.OK, Headers.of("Content-Type", "text/plain"));
            throw failure;
        });
        List<String> answered = new ArrayList<>();
        StartResponse[] innermost = {null};
        StartResponse container = new StartResponse() {
            @Override
            public void start(Status status, Headers headers, @Nullable Exception cause) {
                answered.add(status.code() + headers.first("X-Mark").orElse("-"));
            }

            @Override
            public void viewedBy(StartResponse view) {
                innermost[0] = view;
            }
        };

        assertThatThrownBy(() -> failing.call(Requests.get(), container)).isSameAs(failure);
        innermost[0].start(Status.INTERNAL_SERVER_ERROR, new Headers(), failure);

        assertThat(answered).containsExactly("2001", "5001");
    }

    private void aMiddlewareBuffers() throws Exception {
        Middleware shouting = inner -> (environ, start) -> {
            try (Body body = inner.call(environ, start)) {
                return Body.text(((Body.Text) body).content() + "!");
            }
        };

        Application application = lint.around(shouting).around(lint).wrap(Case::hello);

        assertThat(Container.answer(application, Requests.get())).isEqualTo("200 OK|hello!");
    }

    private void aMiddlewareAnswers() throws Exception {
        Middleware alone =
                inner -> (environ, start) -> answering(Body.text("alone")).call(environ, start);
        Middleware twice = inner -> (environ, start) -> {
            inner.call(environ, (status, headers, cause) -> {}).close();
            return inner.call(environ, start);
        };

        assertThat(Container.answer(lint.around(alone).around(lint).wrap(Case::hello), Requests.get()))
                .isEqualTo("200 OK|alone");
        assertThat(Container.answer(lint.around(twice).around(lint).wrap(Case::hello), Requests.get()))
                .isEqualTo("200 OK|hello");
    }

    private void hooksRunOnEachLoop() throws Exception {
        Application application = lint.wrap(new MiddlewareCases.Hooked());
        Lifecycle hooks = (Lifecycle) application;
        hooks.start();
        assertThat(Container.answer(application, Requests.get())).isEqualTo("200 OK|hello");
        hooks.start();
        hooks.stop();
        assertThat(Container.answer(application, Requests.get())).isEqualTo("200 OK|hello");
        hooks.stop();
    }
}
