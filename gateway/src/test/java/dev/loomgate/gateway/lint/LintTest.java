package dev.loomgate.gateway.lint;

import static dev.loomgate.gateway.lint.Case.answering;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.Variables;
import dev.loomgate.gateway.specification.Clause;
import dev.loomgate.gateway.specification.LintException;
import dev.loomgate.gateway.specification.Party;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LintTest {
    private static final String CONTENT = "caf\u00e9";

    private final List<LintException> found = new ArrayList<>();
    private final Lint lint = new Lint(found::add);

    private static Body body(String kind, Path directory) throws Exception {
        byte[] bytes = CONTENT.getBytes(StandardCharsets.UTF_8);
        return switch (kind) {
            case "bytes" -> Body.bytes(bytes);
            case "text" -> Body.text(CONTENT);
            case "chunks" -> Body.chunks(List.of(new byte[] {bytes[0]}, new byte[0], new byte[] {'a', 'f', -61, -87}));
            case "file" -> Body.file(Files.write(directory.resolve("file"), bytes));
            case "part" ->
                new Body.FileBody(Files.writeString(directory.resolve("part"), "a caf\u00e9!"), 2, 5, () -> {});
            case "stream" ->
                Body.stream(writer -> {
                    writer.write("ca");
                    writer.asOutputStream().write(bytes, 2, 3);
                });
            default -> throw new IllegalArgumentException(kind);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes", "text", "chunks", "file", "part", "stream"})
    void aWellBehavedApplicationPassesInSilenceAndUnchanged(String kind, @TempDir Path directory) throws Exception {
        List<String> closed = new ArrayList<>();
        Application application = (environ, start) -> {
            start.start(Status.OK, Headers.of("Content-Type", "text/plain; charset=utf-8", "Content-Length", "5"));
            environ.errors().println("served " + environ.input().readAllBytes().length);
            return body(kind, directory).onClose(() -> closed.add(kind));
        };
        Application linted = lint.around(lint).wrap(application);

        for (int i = 0; i < 3; i++) {
            assertThat(Container.answer(linted, Requests.post(new byte[7]))).isEqualTo("200 OK|" + CONTENT);
        }

        assertThat(closed).containsExactly(kind, kind, kind);
        lint.checkAllClosed();
        assertThat(found).isEmpty();
    }

    @Test
    void withoutAListenerItThrows() {
        Application application = new Lint().wrap((environ, start) -> Body.empty());

        assertThatThrownBy(() -> Container.answer(application, Requests.get()))
                .isInstanceOfSatisfying(LintException.class, e -> {
                    assertThat(e.clause()).isEqualTo(Clause.STARTED_BEFORE_RETURN);
                    assertThat(e.clause().party()).isEqualTo(Party.APPLICATION);
                });
    }

    @Test
    void aBodyThatIsRefusedIsClosed() {
        List<String> closed = new ArrayList<>();
        Application application = lint.wrap((environ, start) -> {
            start.start(Status.OK, Headers.of("Content-Length", "0"));
            return Body.text("hello").onClose(() -> closed.add("closed"));
        });

        assertThatThrownBy(() -> Container.answer(application, Requests.get())).isInstanceOf(LintException.class);

        assertThat(closed).containsExactly("closed");
        lint.checkAllClosed();
    }

    @Test
    void everyOpenBodyIsReported() throws Exception {
        Application application = lint.wrap(Case::hello);
        Body first = application.call(Requests.get(), new Container());
        Body second = application.call(Requests.post(new byte[1]), new Container());

        assertThatThrownBy(lint::checkAllClosed)
                .isInstanceOf(LintException.class)
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        assertThat(found)
                .extracting(LintException::value)
                .containsExactlyInAnyOrder(
                        "the body of the answer to GET /app/path is open",
                        "the body of the answer to POST /app/path is open");
        first.close();
        second.close();
    }

    @Test
    void theEnvironStaysLazy() throws Exception {
        List<String> walks = new ArrayList<>();
        Map<String, Object> request = Requests.get();
        Variables variables = new Variables() {
            @Override
            public @Nullable Object get(String key) {
                return request.get(key);
            }

            @Override
            public void forEach(BiConsumer<? super String, Object> action) {
                walks.add("walk");
                request.forEach(action);
            }
        };
        Application application = lint.wrap((environ, start) -> {
            assertThat(walks).containsExactly("walk");
            assertThat(environ.header("Host")).contains("localhost:8000");
            assertThat(environ.path()).isEqualTo("/path");
            assertThat(walks).containsExactly("walk");
            return Case.hello(environ, start);
        });

        assertThat(Container.answer(application, new Environ(variables))).isEqualTo("200 OK|hello");
    }

    @Test
    void aLineForTheLogStillGetsThere() throws Exception {
        StringWriter log = new StringWriter();
        Environ environ = Requests.get();
        environ.put("wsgi.errors", new PrintWriter(new Buffered(log), true));
        Application application = lint.wrap((request, start) -> {
            request.errors().println("a line");
            assertThat(log.toString()).isEqualTo("a line" + System.lineSeparator());
            return Case.hello(request, start);
        });

        assertThat(Container.answer(application, environ)).isEqualTo("200 OK|hello");
    }

    /// Holds back what isn't flushed.
    private static final class Buffered extends FilterWriter {
        private final StringBuilder held = new StringBuilder();

        Buffered(Writer out) {
            super(out);
        }

        @Override
        public void write(int c) {
            held.append((char) c);
        }

        @Override
        public void write(char[] text, int offset, int length) {
            held.append(text, offset, length);
        }

        @Override
        public void write(String text, int offset, int length) {
            held.append(text, offset, offset + length);
        }

        @Override
        public void flush() throws IOException {
            out.write(held.toString());
            held.setLength(0);
            out.flush();
        }
    }

    @Test
    void onlyAnApplicationWithHooksHasThemAfterwards() {
        assertThat(lint.wrap(Case::hello)).isNotInstanceOf(Lifecycle.class);
        assertThat(lint.wrap(new MiddlewareCases.Hooked())).isInstanceOf(Lifecycle.class);
    }

    @Test
    void theContainersOwnHeadersAreNotTheApplications() throws Exception {
        List<Headers> seen = new ArrayList<>();
        StartResponse container = (status, headers, cause) -> seen.add(headers.set("Date", "today"));
        List<Headers> given = new ArrayList<>();

        lint.wrap((environ, start) -> {
                    Headers headers = new Headers();
                    given.add(headers);
                    start.start(Status.OK, headers);
                    return Body.empty();
                })
                .call(Requests.get(), container)
                .close();

        assertThat(seen).containsExactly(Headers.of("Date", "today"));
        assertThat(given).containsExactly(new Headers());
        assertThat(found).isEmpty();
    }

    @Test
    void theCauseOfALateStartReachesTheContainer() throws Exception {
        Exception cause = new IOException("disk");
        Application application = lint.wrap((environ, start) -> {
            start.start(Status.OK, Headers.of("Content-Type", "text/plain"));
            return Body.stream(writer -> {
                writer.write("a");
                start.start(Status.INTERNAL_SERVER_ERROR, new Headers(), cause);
            });
        });

        assertThatThrownBy(() -> Container.answer(application, Requests.get())).isSameAs(cause);
        assertThat(found).isEmpty();
    }

    @Test
    void aConstantBodyWithoutClosingActionsMayBeSharedByRequests() throws Exception {
        Body constant = Body.text("hello");
        Application application = lint.wrap(answering(constant));

        Container.answer(application, Requests.get());
        assertThat(Container.answer(application, Requests.get())).isEqualTo("200 OK|hello");
    }
}
