package dev.loomgate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

class BodyTest {
    static Stream<Body> everyKind() {
        return Stream.of(
                Body.empty(),
                Body.bytes(new byte[] {1}),
                Body.text("text"),
                Body.chunks(List.of(new byte[] {1})),
                Body.file(Path.of("file")),
                Body.stream(writer -> writer.write("text")));
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void closingActionsRunOnceEachInTheOrderTheyWereAdded(Body body) {
        List<String> closed = new ArrayList<>();

        Body closing = body.onClose(() -> closed.add("first"))
                .onClose(() -> closed.add("second"))
                .onClose(() -> closed.add("third"));
        assertThat(closed).isEmpty();
        closing.close();

        assertThat(closed).containsExactly("first", "second", "third");
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void addingAClosingActionKeepsTheContent(Body body) {
        Body closing = body.onClose(() -> {});

        assertThat(closing).isExactlyInstanceOf(body.getClass());
        assertThat(content(closing)).isSameAs(content(body));
        body.close();
    }

    @Test
    void theBodyThatAnActionWasAddedToIsNotChanged() {
        List<String> closed = new ArrayList<>();
        Body.empty().onClose(() -> closed.add("mine"));

        Body.empty().close();

        assertThat(closed).isEmpty();
    }

    @Test
    void anActionThatFailsDoesNotKeepTheOthersFromRunning() {
        List<String> closed = new ArrayList<>();
        Body body = Body.empty()
                .onClose(() -> {
                    throw new IllegalStateException("first");
                })
                .onClose(() -> closed.add("second"))
                .onClose(() -> {
                    throw new IllegalArgumentException("third");
                });

        assertThatThrownBy(body::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("first")
                .satisfies(e ->
                        assertThat(e.getSuppressed()).singleElement().isInstanceOf(IllegalArgumentException.class));
        assertThat(closed).containsExactly("second");
    }

    @Test
    void textIsSentInUtf8() {
        assertThat(((Body.Text) Body.text("caf\u00e9 \ud83d\ude00")).encoded())
                .isEqualTo("caf\u00e9 \ud83d\ude00".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aWholeFileGoesFromItsStartToItsEnd() {
        assertThat(Body.file(Path.of("file")))
                .isEqualTo(new Body.FileBody(Path.of("file"), 0, Body.FileBody.TO_THE_END, Body.NOTHING));
    }

    static final List<long[]> NO_PARTS = List.of(new long[] {-1, 0}, new long[] {0, -2}, new long[] {-1, -1});

    @ParameterizedTest
    @FieldSource("NO_PARTS")
    void aPartThatNoFileHasIsRefused(long[] part) {
        assertThatThrownBy(() -> new Body.FileBody(Path.of("file"), part[0], part[1], Body.NOTHING))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no part of a file: offset " + part[0] + ", length " + part[1]);
    }

    private static Object content(Body body) {
        return switch (body) {
            case Body.Bytes bytes -> bytes.content();
            case Body.Text text -> text.content();
            case Body.Chunks chunks -> chunks.chunks();
            case Body.FileBody file -> file.path();
            case Body.Stream stream -> stream.content();
            case Body.WebSocketBody webSocket -> webSocket.handler();
        };
    }
}
