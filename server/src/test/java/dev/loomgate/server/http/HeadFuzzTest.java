package dev.loomgate.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Limits;
import dev.loomgate.server.connection.ConnectionFacts;
import dev.loomgate.server.exchange.Refusal;
import dev.loomgate.server.exchange.Scheme;
import dev.loomgate.testkit.fuzz.FuzzInput;
import dev.loomgate.testkit.fuzz.FuzzTarget;
import dev.loomgate.testkit.fuzz.Fuzzing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A head of HTTP/1.1 is the same however it is cut, stays within the limits, and says to Netty's decoder what it says
/// here: two readers that differ are how requests are smuggled.
@Tag("once")
final class HeadFuzzTest implements FuzzTarget {
    private static final Limits LIMITS = Limits.builder()
            .maxHeaderBytes(512)
            .maxUriLength(100)
            .maxHeaderCount(8)
            .maxBodyBytes(1_000_000)
            .build();
    private static final ConnectionFacts UNIX = new ConnectionFacts(Scheme.HTTP, null, null);

    private static final byte[] END = {'\r', '\n', '\r', '\n'};

    private record Read(Head head, int taken) {}

    @Test
    void holdsForAnyBytes() throws Exception {
        Fuzzing.run(this);
    }

    @Override
    public boolean check(FuzzInput input) {
        byte[] bytes = input.bytes();
        Read whole = read(List.of(bytes));
        Read cut = read(input.pieces());
        if (!(whole.head() instanceof Head.Valid valid)) {
            String kind = kind(whole.head());
            if (kind.equals("incomplete") && kind(cut.head()).equals("refused")) {
                // Refused a little sooner, by a line that had no end yet: what follows doesn't help it.
                byte[] ended = Arrays.copyOf(bytes, bytes.length + END.length);
                System.arraycopy(END, 0, ended, bytes.length, END.length);
                kind = kind(read(List.of(ended)).head());
            }
            assertThat(kind(cut.head())).isEqualTo(kind);
            return false;
        }
        assertThat(cut.taken()).isEqualTo(whole.taken());
        assertThat(described(((Head.Valid) cut.head()).request())).isEqualTo(described(valid.request()));
        RequestHead head = valid.request();
        assertThat(head.bytes()).hasSizeLessThanOrEqualTo(LIMITS.maxHeaderBytes());
        assertThat(head.targetTo() - head.targetFrom()).isLessThanOrEqualTo(LIMITS.maxUriLength());
        assertThat(head.fields()).hasSizeLessThanOrEqualTo(4 * LIMITS.maxHeaderCount());
        assertThat(head.contentLength()).isBetween(RequestHead.NO_LENGTH, LIMITS.maxBodyBytes());
        assertThat(head.has(RequestHead.CHUNKED) && head.contentLength() >= 0).isFalse();
        checkVariables(head);
        checkWrittenAgain(head);
        checkAgainstNetty(head);
        return true;
    }

    private static Read read(List<byte[]> pieces) {
        HeadReader reader = new HeadReader(LIMITS, new HeadScratch());
        Head head = Head.Incomplete.INCOMPLETE;
        int taken = 0;
        for (byte[] piece : pieces) {
            ByteBuf in = Unpooled.wrappedBuffer(piece);
            head = reader.read(in);
            taken += piece.length - in.readableBytes();
            if (head != Head.Incomplete.INCOMPLETE) {
                assertThat(reader.hasPart() && head instanceof Head.Valid).isFalse();
                break;
            }
            assertThat(in.isReadable()).isFalse();
        }
        return new Read(head, taken);
    }

    // Which of several faults is told depends on how much has come.
    private static String kind(Head head) {
        return switch (head) {
            case Head.Valid _ -> "valid";
            case Head.Incomplete _ -> "incomplete";
            case Head.Refused(Refusal refusal) -> {
                assertThat(refusal.status()).isIn(400, 413, 414, 417, 431, 501, 505);
                assertThat(refusal.problem()).matches("http: [ -~]+");
                assertThat(refusal.text()).matches("[ -~]+");
                yield "refused";
            }
        };
    }

    private static List<String> fields(RequestHead head) {
        List<String> fields = new ArrayList<>();
        int[] places = head.fields();
        for (int i = 0; i < places.length; i += 4) {
            fields.add(text(head, places[i], places[i + 1]) + ":" + text(head, places[i + 2], places[i + 3]));
        }
        return fields;
    }

    private static String text(RequestHead head, int from, int to) {
        return new String(head.bytes(), from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static String described(RequestHead head) {
        Map<String, Object> variables = new TreeMap<>();
        new HttpVariables(head, UNIX).forEach(variables::put);
        return "%s %s 1.%d %s %d %x %s"
                .formatted(
                        head.method(),
                        text(head, head.targetFrom(), head.targetTo()),
                        head.minorVersion(),
                        fields(head),
                        head.contentLength(),
                        head.flags(),
                        variables);
    }

    private static void checkVariables(RequestHead head) {
        HttpVariables variables = new HttpVariables(head, UNIX);
        variables.forEach((key, value) -> {
            assertThat(key).matches("[!-~]+");
            assertThat(variables.get(key)).as(key).isEqualTo(value);
        });
        String path = text(head, head.pathFrom(), head.pathTo());
        String expected = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        assertThat(variables.get("PATH_INFO"))
                .isEqualTo(path.isEmpty() && head.has(RequestHead.ABSOLUTE) ? "/" : expected);
        String uri = text(head, head.targetFrom(), head.targetTo());
        int question = uri.indexOf('?');
        assertThat(variables.get("QUERY_STRING")).isEqualTo(question < 0 ? "" : uri.substring(question + 1));
    }

    // What was read, in its plainest form, is read as the same.
    private static void checkWrittenAgain(RequestHead head) {
        StringBuilder written = new StringBuilder(head.method())
                .append(' ')
                .append(text(head, head.targetFrom(), head.targetTo()))
                .append(" HTTP/1.")
                .append(head.minorVersion())
                .append("\r\n");
        fields(head).forEach(field -> written.append(field).append("\r\n"));
        byte[] bytes = written.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        Read again = read(List.of(bytes));
        assertThat(again.taken()).isEqualTo(bytes.length);
        assertThat(described(((Head.Valid) again.head()).request())).isEqualTo(described(head));
    }

    private static void checkAgainstNetty(RequestHead head) {
        if (head.minorVersion() > 1 && head.has(RequestHead.CHUNKED)) {
            return; // it has chunks in 1.1 alone, while later ones are read as 1.1 (RFC 9110 section 2.5)
        }
        EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder(
                new HttpDecoderConfig().setMaxInitialLineLength(4096).setMaxHeaderSize(4096)));
        try {
            channel.writeInbound(Unpooled.wrappedBuffer(head.bytes()));
            HttpRequest request = channel.readInbound();
            assertThat(request.decoderResult().cause()).isNull();
            assertThat(request.method().name()).isEqualTo(head.method());
            assertThat(request.uri()).isEqualTo(text(head, head.targetFrom(), head.targetTo()));
            List<String> fields = new ArrayList<>();
            request.headers().forEach(field -> fields.add(field.getKey() + ":" + field.getValue()));
            assertThat(fields).isEqualTo(fields(head));
        } finally {
            channel.finishAndReleaseAll();
        }
    }
}
