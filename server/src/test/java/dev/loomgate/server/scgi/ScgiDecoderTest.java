package dev.loomgate.server.scgi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Limits;
import dev.loomgate.server.cgi.CgiMessage;
import dev.loomgate.server.cgi.CgiMessage.Incomplete;
import dev.loomgate.server.cgi.CgiRequest;
import dev.loomgate.server.cgi.Refused;
import dev.loomgate.testkit.client.ScgiMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Each request, right or wrong, gives the same message in every segmentation.
final class ScgiDecoderTest {
    private static final Limits LIMITS =
            Limits.builder().maxHeaderBytes(5000).maxHeaderCount(40).build();

    static Stream<Arguments> wrong() {
        ScgiMessage right = ScgiMessage.request("GET", "/", "");
        return Stream.of(
                wrong("scgi: length of the netstring has byte 0x78", right.bytes("1x", ",")),
                wrong("scgi: length of the netstring has byte 0x20", right.bytes("13 ", ",")),
                wrong("scgi: connection begins with byte 0x2d, no netstring", right.bytes("-13", ",")),
                wrong("scgi: length of the netstring is no number of bytes, or absurd", right.bytes("013", ",")),
                wrong("scgi: length of the netstring is no number of bytes, or absurd", right.bytes("123456789", ",")),
                wrong("scgi: request without variables", right.bytes("0", ",")),
                wrong("scgi: request variables take 5001 bytes, over 5000 (maxHeaderBytes)", right.bytes("5001", ",")),
                wrong("scgi: no comma after the", bytes(right, ";")),
                wrong(
                        "scgi: last request variable has no end",
                        ScgiMessage.of("").raw("CONTENT_LENGTH\0" + "0")),
                wrong(
                        "scgi: request variable 2 has no value",
                        ScgiMessage.of("").raw("CONTENT_LENGTH\0" + "0\0SCGI\0")),
                wrong(
                        "scgi: first request variable is not CONTENT_LENGTH with a number",
                        ScgiMessage.of("").with("SCGI", "1").with("CONTENT_LENGTH", "0")),
                wrong(
                        "scgi: first request variable is not CONTENT_LENGTH with a number",
                        ScgiMessage.of("").with("CONTENT_LENGTH", "").with("SCGI", "1")),
                wrong(
                        "scgi: CONTENT_LENGTH is \"-1\", not a number of bytes",
                        ScgiMessage.of("").with("CONTENT_LENGTH", "-1").with("SCGI", "1")),
                wrong(
                        "scgi: request without the variable SCGI",
                        ScgiMessage.of("").with("CONTENT_LENGTH", "0").with("REQUEST_METHOD", "GET")),
                wrong(
                        "scgi: request without the variable SCGI",
                        ScgiMessage.of("").with("CONTENT_LENGTH", "0").with("SCGI", "2")),
                wrong(
                        "scgi: request without the variable SCGI",
                        ScgiMessage.of("")
                                .with("CONTENT_LENGTH", "0")
                                .with("SCGI", "1")
                                .with("SCGI", "0")),
                wrong(
                        "scgi: CONTENT_LENGTH comes twice in one packet",
                        ScgiMessage.request("GET", "/", "").with("CONTENT_LENGTH", "5")),
                wrong(
                        "scgi: request variable 8 has a key of length 0",
                        ScgiMessage.request("GET", "/", "").with("", "x")),
                wrong(
                        "scgi: HTTP_X has control character 0x0a",
                        ScgiMessage.request("GET", "/", "").with("HTTP_X", "a\nb")),
                wrong("scgi: REQUEST_METHOD is \"G T\"", ScgiMessage.request("G T", "/", "")),
                wrong(
                        "scgi: HTTP request (GET...) on a scgi socket",
                        "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
                wrong("scgi: TLS handshake on a scgi socket", new byte[] {0x16, 3, 1, 0, 9}),
                wrong("scgi: PROXY protocol on a scgi socket", "PROXY TCP4".getBytes(StandardCharsets.US_ASCII)));
    }

    private static Arguments wrong(String line, ScgiMessage message) {
        return wrong(line, message.bytes());
    }

    private static Arguments wrong(String line, byte[] bytes) {
        return Arguments.of(line, bytes);
    }

    private static byte[] bytes(ScgiMessage message, String end) {
        String length = new String(message.bytes(), StandardCharsets.ISO_8859_1).split(":", 2)[0];
        return message.bytes(length, end);
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void wrongRequestIsRefusedAndNamed(String line, byte[] bytes) {
        for (int split = 0; split < bytes.length; split++) {
            CgiMessage message = decode(bytes, split);
            assertThat(message).as("split at %d", split).isInstanceOf(Refused.class);
            Refused refused = (Refused) message;
            assertThat(refused.refusal().logLine(UnaryOperator.identity())).startsWith(line);
            assertThat(refused.reply()).isNotEmpty();
        }
    }

    @Test
    void refusalIsAnsweredAsCgi() {
        Refused refused = (Refused) decode(ScgiMessage.request("GET", "/", "").bytes("9999", ","), 0);
        assertThat(new String(refused.reply(), StandardCharsets.US_ASCII))
                .startsWith("Status: 431 Request Header Fields Too Large\r\n");
    }

    @Test
    void requestInEverySegmentation() {
        byte[] bytes = ScgiMessage.request("POST", "/a?b", "hello")
                .with("HTTP_HOST", "h")
                .bytes();
        for (int split = 0; split <= bytes.length; split++) {
            check(
                    new ScgiDecoder(LIMITS),
                    Unpooled.wrappedBuffer(bytes, 0, split),
                    Unpooled.wrappedBuffer(bytes, split, bytes.length - split));
        }
        ByteBuf[] single = new ByteBuf[bytes.length];
        for (int i = 0; i < single.length; i++) {
            single[i] = Unpooled.wrappedBuffer(bytes, i, 1);
        }
        check(new ScgiDecoder(LIMITS), single);
    }

    private static void check(ScgiDecoder decoder, ByteBuf... pieces) {
        CgiMessage message = Incomplete.INCOMPLETE;
        StringBuilder body = new StringBuilder();
        for (ByteBuf piece : pieces) {
            if (message == Incomplete.INCOMPLETE) {
                message = decoder.decode(piece);
            }
            body.append(piece.toString(StandardCharsets.US_ASCII));
        }
        assertThat(message).isInstanceOfSatisfying(CgiRequest.class, request -> {
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.bodyBytes()).isEqualTo(5);
            assertThat(request.text("REQUEST_URI")).isEqualTo("/a?b");
            assertThat(request.text("HTTP_HOST")).isEqualTo("h");
        });
        assertThat(body).hasToString("hello");
    }

    @Test
    void connectionThatEndsIsCutOffUnlessItHasNotBegun() {
        assertThat(new ScgiDecoder(LIMITS).end()).isEqualTo(Incomplete.INCOMPLETE);
        ScgiDecoder decoder = new ScgiDecoder(LIMITS);
        decoder.decode(Unpooled.wrappedBuffer("70:CONT".getBytes(StandardCharsets.US_ASCII)));
        assertThat(decoder.end()).isInstanceOfSatisfying(Refused.class, refused -> assertThat(
                        refused.refusal().problem())
                .isEqualTo("scgi: connection ended after 4 of 71 bytes of the request variables"));
    }

    @Test
    void lengthThatIsClaimedReservesLittleMemory() {
        ScgiDecoder[] decoders = new ScgiDecoder[20_000];
        Limits large = Limits.defaults();
        for (int i = 0; i < decoders.length; i++) {
            decoders[i] = new ScgiDecoder(large);
            decoders[i].decode(Unpooled.wrappedBuffer("65000:C".getBytes(StandardCharsets.US_ASCII)));
        }
        // 20,000 times 65,000 bytes would be 1.3 GB, more than this JVM has.
        assertThat(decoders[0].progress()).isEqualTo("1 of 65001 bytes of the request variables");
    }

    private static CgiMessage decode(byte[] bytes, int split) {
        ScgiDecoder decoder = new ScgiDecoder(LIMITS);
        CgiMessage first = decoder.decode(Unpooled.wrappedBuffer(bytes, 0, split));
        return first == Incomplete.INCOMPLETE
                ? decoder.decode(Unpooled.wrappedBuffer(bytes, split, bytes.length - split))
                : first;
    }
}
