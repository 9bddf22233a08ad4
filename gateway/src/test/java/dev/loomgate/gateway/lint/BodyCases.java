package dev.loomgate.gateway.lint;

import static dev.loomgate.gateway.lint.Case.answering;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.BodyWriter;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.specification.Clause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/// Bodies, and treatments of bodies, that break the specification.
final class BodyCases {
    private static final String REQUEST = ", in GET /app/path";

    private BodyCases() {}

    static List<Case> all() {
        return Stream.of(lengths(), content(), files(), writers(), asking(), closing())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Case> lengths() {
        return List.of(
                length("204 No Content", Body.text("hello"), Status.NO_CONTENT),
                length("205 Reset Content", chunks("", "hello"), Status.of(205)),
                length("304 Not Modified", Body.stream(writer -> writer.write("hello")), Status.of(304)),
                length(3, 5, Body.text("hello")),
                length(9, 5, Body.bytes("hello".getBytes(StandardCharsets.US_ASCII))),
                length(9, 5, chunks("hel", "lo")),
                length(4, 5, chunks("hel", "lo")),
                length(9, 5, Body.stream(writer -> writer.write("hello"))),
                length(4, 5, Body.stream(writer -> writer.write("hello"))),
                length(2, 1, Body.file(fileOf(1))),
                length(1, 0, Body.empty()));
    }

    private static Case length(String status, Body body, Status code) {
        return Case.of(
                Clause.NO_CONTENT,
                "the status is " + status + ", and the body has 5 bytes" + REQUEST,
                (environ, start) -> {
                    start.start(code, Headers.of("Content-Type", "text/plain"));
                    return body;
                });
    }

    private static Case length(long declared, long actual, Body body) {
        return Case.of(
                Clause.LENGTH_KEPT,
                "Content-Length is " + declared + ", the body has " + actual + " bytes" + REQUEST,
                (environ, start) -> {
                    start.start(Status.OK, Headers.of("Content-Type", "text/plain", "Content-Length", "" + declared));
                    return body;
                });
    }

    private static List<Case> content() {
        byte[] reused = new byte[4];
        return List.of(
                Case.of(
                        Clause.CHUNK_PRESENT,
                        "a chunk is null" + REQUEST,
                        answering(Body.chunks(Arrays.asList(new byte[1], null)))),
                Case.of(
                        Clause.CHUNK_PRESENT,
                        "a write of null" + REQUEST,
                        answering(Body.stream(writer -> writer.write((ByteBuffer) Case.nothing())))),
                Case.of(
                        Clause.CHUNK_LEFT_ALONE,
                        "an array of 4 bytes was changed" + REQUEST,
                        answering(Body.chunks(() -> List.of(1, 2).stream()
                                .map(i -> {
                                    reused[0] = i.byteValue();
                                    return reused;
                                })
                                .iterator()))),
                Case.of(
                        Clause.CHUNK_LEFT_ALONE,
                        "an array of 4 bytes was changed" + REQUEST,
                        answering(Body.bytes(reused).onClose(() -> reused[1] = 1))));
    }

    private static List<Case> files() {
        Path missing = Path.of("there is no such file");
        Path file = fileOf(3);
        Path directory = Path.of(".");
        return List.of(
                Case.of(
                        Clause.FILE_READABLE,
                        missing + " is no readable regular file" + REQUEST,
                        answering(Body.file(missing))),
                Case.of(
                        Clause.FILE_READABLE,
                        directory + " is no readable regular file" + REQUEST,
                        answering(Body.file(directory))),
                Case.of(
                        Clause.FILE_READABLE,
                        file + " has 3 bytes, the part begins at 2 and has 2" + REQUEST,
                        answering(new Body.FileBody(file, 2, 2, Body.NOTHING))),
                Case.of(
                        Clause.FILE_READABLE,
                        file + " has 3 bytes, the part begins at 4 and has -1" + REQUEST,
                        answering(new Body.FileBody(file, 4, Body.FileBody.TO_THE_END, Body.NOTHING))));
    }

    private static List<Case> writers() {
        return List.of(
                new Case(Clause.WRITER_IN_STREAM, "a write" + REQUEST, lint -> {
                    List<BodyWriter> kept = new ArrayList<>();
                    Container.answer(lint.wrap(answering(Body.stream(kept::add))), Requests.get());
                    kept.getFirst().write("late");
                }),
                Case.of(
                        Clause.WRITER_THREAD,
                        "a write in thread #",
                        answering(Body.stream(writer -> Case.elsewhere(() -> {
                            try {
                                writer.write("x");
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        })))),
                new Case(Clause.WRITE_COMPLETE, "3 bytes of a write were left" + REQUEST, lint -> {
                    try (Body body = call(lint, Body.stream(writer -> writer.write("hello")))) {
                        ((Body.Stream) body).content().writeTo(bytes -> bytes.position(2));
                    }
                }));
    }

    private static List<Case> asking() {
        return List.of(
                new Case(Clause.CONTENT_THREAD, "content was asked for in thread #", lint -> {
                    try (Body body = call(lint, chunks("a"))) {
                        Case.elsewhere(() -> takeAll(body));
                    }
                }),
                new Case(Clause.CONTENT_ONCE, "the stream was run again" + REQUEST, lint -> {
                    try (Body body = call(lint, Body.stream(writer -> {}))) {
                        ((Body.Stream) body).content().writeTo(bytes -> {});
                        ((Body.Stream) body).content().writeTo(bytes -> {});
                    }
                }),
                new Case(Clause.CHUNKS_IN_TURN, "a chunk was asked for" + REQUEST, lint -> {
                    try (Body body = call(lint, chunks("a", "b"))) {
                        Iterator<byte[]> chunks = ((Body.Chunks) body).chunks();
                        if (chunks.hasNext()) {
                            chunks.next();
                            chunks.next();
                        }
                    }
                }),
                new Case(Clause.CONTENT_NOT_WANTED, "content was asked for, in HEAD /app/path", lint -> {
                    Application application = lint.wrap(answering(chunks("a")));
                    try (Body body = application.call(Requests.head(), (status, headers, cause) -> {})) {
                        takeAll(body);
                    }
                }),
                new Case(Clause.CONTENT_AFTER_CLOSE, "content was asked for" + REQUEST, lint -> {
                    Body body = call(lint, chunks("a"));
                    body.close();
                    takeAll(body);
                }),
                new Case(Clause.CONTENT_AFTER_CLOSE, "content was asked for" + REQUEST, lint -> {
                    Body body = call(lint, Body.stream(writer -> {}));
                    body.close();
                    ((Body.Stream) body).content().writeTo(bytes -> {});
                }));
    }

    private static List<Case> closing() {
        return List.of(
                new Case(Clause.CLOSED, "the body of the answer to GET /app/path is open", lint -> {
                    call(lint, Body.text("hello"));
                    lint.checkAllClosed();
                }),
                new Case(Clause.CLOSED_ONCE, "the body was closed again" + REQUEST, lint -> {
                    Body body = call(lint, Body.text("hello"));
                    body.close();
                    body.close();
                }),
                new Case(Clause.CLOSE_THREAD, "the body was closed in thread #", lint -> {
                    Body body = call(lint, Body.text("hello"));
                    Case.elsewhere(body::close);
                }),
                Case.of(
                        Clause.CLOSE_QUIET,
                        "a closing action threw java.lang.IllegalStateException: no",
                        answering(Body.empty().onClose(() -> {
                            throw new IllegalStateException("no");
                        }))));
    }

    private static Body call(Lint lint, Body body) throws Exception {
        return lint.wrap(answering(body)).call(Requests.get(), (status, headers, cause) -> {});
    }

    private static void takeAll(Body body) {
        ((Body.Chunks) body).chunks().forEachRemaining(chunk -> {});
    }

    private static Body chunks(String... chunks) {
        return Body.chunks(Arrays.stream(chunks)
                .map(chunk -> chunk.getBytes(StandardCharsets.US_ASCII))
                .toList());
    }

    private static Path fileOf(int bytes) {
        try {
            Path file = Files.createTempDirectory("lint").resolve("file");
            file.toFile().deleteOnExit();
            return Files.write(file, new byte[bytes]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
