package dev.loomgate.server.fastcgi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Limits;
import dev.loomgate.server.fastcgi.FastCgiEvent.Answer;
import dev.loomgate.server.fastcgi.FastCgiEvent.BadRequest;
import dev.loomgate.server.fastcgi.FastCgiEvent.Begun;
import dev.loomgate.server.fastcgi.FastCgiEvent.Broken;
import dev.loomgate.server.fastcgi.FastCgiEvent.Incomplete;
import dev.loomgate.server.fastcgi.FastCgiEvent.Input;
import dev.loomgate.testkit.client.FastCgiRecords;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Records, right or wrong, give the same events in every segmentation.
final class FastCgiDecoderTest {
    private static final Limits LIMITS = Limits.builder()
            .maxHeaderBytes(5000)
            .maxHeaderCount(40)
            .fastcgiRequests(3)
            .build();

    static Stream<Arguments> conversations() {
        byte[] none = {};
        return Stream.of(
                of("GET", records().get(1, "/a"), "begun 1 keep GET /a", "end 1"),
                of("POST", records().post(7, "/a", ascii("hello")), "begun 7 keep POST /a", "in 7 hello", "end 7"),
                of(
                        "padding",
                        records()
                                .record(1, 1, new byte[] {0, 1, 1, 0, 0, 0, 0, 0}, 8)
                                .record(4, 1, pairs("REQUEST_METHOD", "GET"), 255)
                                .record(4, 1, none, 7)
                                .record(5, 1, none, 3),
                        "begun 1 keep GET",
                        "end 1"),
                of("no keep", records().begin(1, false).params(1, "GET", "/"), "begun 1 GET /"),
                of(
                        "several",
                        records()
                                .begin(1, true)
                                .begin(300, true)
                                .params(300, "GET", "/300")
                                .params(1, "POST", "/1")
                                .input(300, none)
                                .input(1, ascii("x"))
                                .abort(300)
                                .input(1, none),
                        "begun 300 keep GET /300",
                        "begun 1 keep POST /1",
                        "end 300",
                        "in 1 x",
                        "aborted 300",
                        "end 1"),
                of(
                        "long lengths",
                        records().begin(1, true).params(1, "GET", "/" + "x".repeat(300)),
                        "begun 1 keep GET /" + "x".repeat(300)),
                of(
                        "of nobody",
                        records().input(9, ascii("x")).params(9, ascii("x")).abort(9)),
                of(
                        "another role",
                        records().begin(1, 2, true).params(1, "GET", "/"),
                        "answer 0103000100080000" + "0000000003000000"),
                of(
                        "too many",
                        records().begin(1, true).begin(2, true).begin(3, true).begin(4, false),
                        "answer 0103000400080000" + "0000000002000000 ends"),
                of(
                        "values",
                        records().values("FCGI_MPXS_CONNS", "NO_SUCH"),
                        "answer 010a000000120000" + "0f01" + hex("FCGI_MPXS_CONNS1")),
                of(
                        "unknown type",
                        records().record(77, 0, ascii("abc"), 2),
                        "answer 010b000000080000" + "4d00000000000000"),
                of(
                        "aborted before it begins",
                        records()
                                .begin(1, true)
                                .params(1, pairs("A", "b"))
                                .abort(1)
                                .get(1, "/"),
                        "answer 0103000100080000" + "0000000000000000",
                        "begun 1 keep GET /",
                        "end 1"),
                bad("no variables", records().begin(1, true).params(1, none), "fastcgi: request without variables"),
                bad(
                        "a length too much",
                        records()
                                .begin(1, true)
                                .params(1, new byte[] {1, 9, 'A'})
                                .params(1, none),
                        "fastcgi: request variable 1 takes more than the 3 bytes of all"),
                bad(
                        "half a length",
                        records()
                                .begin(1, true)
                                .params(1, new byte[] {(byte) 0x80, 0, 0})
                                .params(1, none),
                        "fastcgi: request variable 1 takes more than the 3 bytes of all"),
                bad(
                        "two gigabytes",
                        records()
                                .begin(1, true)
                                .params(1, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, 'A'})
                                .params(1, none),
                        "fastcgi: request variable 1 takes more than the 9 bytes of all"),
                bad(
                        "too large",
                        records().begin(1, true).params(1, new byte[5001]),
                        "fastcgi: request variables take 5001 bytes, over 5000 (maxHeaderBytes)"),
                bad(
                        "twice",
                        records().begin(1, true).params(1, "GET", "/", "CONTENT_LENGTH", "1", "CONTENT_LENGTH", "2"),
                        "fastcgi: CONTENT_LENGTH comes twice in one packet"),
                broken(
                        "begun twice",
                        records().begin(1, true).begin(1, true),
                        "BEGIN_REQUEST of request 1, which is open"),
                broken("a short begin", records().record(1, 1, new byte[7], 0), "BEGIN_REQUEST of 7 bytes, not 8"),
                broken("begin of none", records().record(1, 0, new byte[8], 0), "record of type 1 without a request"),
                of(
                        "params after their end",
                        records().begin(1, true).params(1, "GET", "/").params(1, ascii("x")),
                        "begun 1 keep GET /",
                        "broken fastcgi: PARAMS of request 1 after their end"),
                broken(
                        "input before params",
                        records().begin(1, true).input(1, ascii("x")),
                        "STDIN of request 1 before the end of its PARAMS"),
                broken(
                        "output",
                        records().record(6, 1, none, 0),
                        "record of type 6 in request 1, which no responder takes"),
                broken("abort with content", records().record(2, 1, ascii("x"), 0), "ABORT_REQUEST of 1 bytes, not 0"),
                broken(
                        "values too long",
                        records().record(9, 0, new byte[1025], 0),
                        "GET_VALUES of 1025 bytes, over 1024"),
                broken(
                        "values cut",
                        records().record(9, 0, new byte[] {5, 0, 'A'}, 0),
                        "GET_VALUES whose 3 bytes end in a name"));
    }

    private static FastCgiRecords records() {
        return FastCgiRecords.of();
    }

    private static Arguments of(String name, FastCgiRecords records, String... events) {
        return Arguments.of(name, records.bytes(), List.of(events));
    }

    private static Arguments bad(String name, FastCgiRecords records, String line) {
        return of(name, records, "bad 1 " + line);
    }

    private static Arguments broken(String name, FastCgiRecords records, String line) {
        return of(name, records, "broken fastcgi: " + line);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("conversations")
    void recordsInEverySegmentation(String name, byte[] bytes, List<String> events) {
        assertThat(events(bytes, bytes.length)).isEqualTo(events);
        for (int split = 1; split < bytes.length; split++) {
            assertThat(events(bytes, split)).as("split at %d", split).isEqualTo(events);
        }
        assertThat(events(bytes, 1)).as("byte by byte").isEqualTo(events);
    }

    @Test
    void anotherProtocolIsNamed() {
        byte[] http = "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        assertThat(events(http, 2)).singleElement().asString().startsWith("broken fastcgi: HTTP request (GET...)");
        assertThat(events(new byte[] {9, 0, 0, 0, 0}, 1))
                .containsExactly("broken fastcgi: record has version 9, not 1");
    }

    // Every piece has that many bytes; input that comes in pieces is put together.
    private static List<String> events(byte[] bytes, int piece) {
        FastCgiDecoder decoder = new FastCgiDecoder(LIMITS);
        List<String> events = new ArrayList<>();
        StringBuilder input = new StringBuilder();
        for (int at = 0; at < bytes.length; at += piece) {
            ByteBuf in = Unpooled.wrappedBuffer(bytes, at, Math.min(piece, bytes.length - at));
            for (FastCgiEvent event = decoder.read(in); event != Incomplete.INCOMPLETE; event = decoder.read(in)) {
                if (event instanceof Input(int id, int length)) {
                    input.append(in.readCharSequence(length, StandardCharsets.ISO_8859_1));
                    continue;
                }
                if (!input.isEmpty()) {
                    events.add(inputOf(events, input));
                    input.setLength(0);
                }
                events.add(text(event));
                if (event instanceof Broken) {
                    return events;
                }
            }
        }
        return events;
    }

    private static String inputOf(List<String> events, StringBuilder input) {
        String begun = events.stream()
                .filter(event -> event.startsWith("begun"))
                .reduce((a, b) -> b)
                .orElseThrow();
        return "in " + begun.split(" ", -1)[1] + " " + input;
    }

    private static String text(FastCgiEvent event) {
        return switch (event) {
            case Incomplete incomplete -> "incomplete";
            case Begun(int id, boolean keeps, FastCgiRequest request) ->
                "begun " + id + (keeps ? " keep " : " ") + request;
            case BadRequest bad -> "bad " + bad.id() + " " + bad.refusal().logLine(UnaryOperator.identity());
            case Input input -> "in " + input.id();
            case FastCgiEvent.InputEnd(int id) -> "end " + id;
            case FastCgiEvent.Aborted(int id) -> "aborted " + id;
            case Answer(byte[] answer, boolean ends) ->
                "answer " + HexFormat.of().formatHex(answer) + (ends ? " ends" : "");
            case Broken broken -> "broken " + broken.refusal().logLine(UnaryOperator.identity());
        };
    }

    private static byte[] pairs(String name, String value) {
        ByteArrayOutputStream pairs = new ByteArrayOutputStream();
        FastCgiRecords.pair(pairs, name, value);
        return pairs.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(ascii(text));
    }
}
