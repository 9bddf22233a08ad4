package dev.loomgate.server.scgi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Limits;
import dev.loomgate.server.cgi.CgiMessage;
import dev.loomgate.server.cgi.CgiMessage.Incomplete;
import dev.loomgate.server.cgi.CgiRequest;
import dev.loomgate.server.cgi.Refused;
import dev.loomgate.testkit.fuzz.FuzzInput;
import dev.loomgate.testkit.fuzz.FuzzTarget;
import dev.loomgate.testkit.fuzz.Fuzzing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A request of SCGI gives the same message however it is cut, takes no byte past its comma, and says what stands
/// between the NULs.
@Tag("once")
final class ScgiFuzzTest implements FuzzTarget {
    private static final Limits LIMITS = Limits.builder()
            .maxHeaderBytes(600)
            .maxHeaderCount(12)
            .maxBodyBytes(1_000_000)
            .build();

    private record Decoded(CgiMessage message, int taken) {
        String described() {
            return switch (message) {
                case CgiRequest request -> "request " + request + seen(request) + request.bodyBytes();
                case Refused(var refusal, var language) -> refusal + " " + language;
                case Incomplete _ -> "incomplete";
                case CgiMessage.Ping _ -> "ping";
            };
        }
    }

    @Test
    void holdsForAnyBytes() throws Exception {
        Fuzzing.run(this);
    }

    @Override
    public boolean check(FuzzInput input) {
        byte[] bytes = input.bytes();
        Decoded whole = decode(List.of(bytes));
        Decoded cut = decode(input.pieces());
        assertThat(cut.described()).isEqualTo(whole.described());
        assertThat(cut.taken()).isEqualTo(whole.taken());
        switch (whole.message()) {
            case CgiRequest request -> {
                String head = new String(bytes, 0, whole.taken(), StandardCharsets.ISO_8859_1);
                Map<String, String> expected = expected(head);
                assertThat(seen(request)).isEqualTo(expected);
                assertThat(expected).containsEntry("SCGI", "1");
                assertThat(request.contentLength()).hasValue(Long.parseLong(expected.get("CONTENT_LENGTH")));
                assertThat(request.variableCount()).isLessThanOrEqualTo(LIMITS.maxHeaderCount());
                assertThat(request.bodyBytes()).isBetween(0L, LIMITS.maxBodyBytes());
                return true;
            }
            case Refused refused -> {
                assertThat(refused.refusal().logLine(UnaryOperator.identity())).matches("scgi: [ -~]+");
                assertThat(refused.reply()).isNotEmpty();
            }
            case Incomplete _ -> assertThat(whole.taken()).isEqualTo(bytes.length);
            case CgiMessage.Ping ping -> throw new AssertionError("SCGI has no " + ping);
        }
        return false;
    }

    private static Decoded decode(List<byte[]> pieces) {
        ScgiDecoder decoder = new ScgiDecoder(LIMITS);
        CgiMessage message = Incomplete.INCOMPLETE;
        int taken = 0;
        for (byte[] piece : pieces) {
            ByteBuf in = Unpooled.wrappedBuffer(piece);
            message = decoder.decode(in);
            taken += piece.length - in.readableBytes();
            if (message != Incomplete.INCOMPLETE) {
                return new Decoded(message, taken);
            }
        }
        assertThat(decoder.progress()).isNotEmpty();
        assertThat(decoder.end() == Incomplete.INCOMPLETE).isEqualTo(taken == 0);
        return new Decoded(message, taken);
    }

    private static Map<String, String> seen(CgiRequest request) {
        Map<String, String> seen = new LinkedHashMap<>();
        request.variables().forEachKey(key -> seen.put(key, String.valueOf(request.text(key))));
        return seen;
    }

    // The format once more, in its plainest words.
    private static Map<String, String> expected(String head) {
        int colon = head.indexOf(':');
        assertThat(head)
                .hasSize(colon + 1 + Integer.parseInt(head.substring(0, colon)) + 1)
                .endsWith("\0,");
        String[] words = head.substring(colon + 1, head.length() - 2).split("\0", -1);
        Map<String, String> expected = new LinkedHashMap<>();
        for (int i = 0; i < words.length; i += 2) {
            String key = words[i];
            String separator = key.equals("HTTP_COOKIE") ? "; " : ", ";
            expected.merge(
                    key,
                    words[i + 1],
                    (a, b) -> key.startsWith("HTTP_") && !key.equals("HTTP_HOST") ? a + separator + b : b);
        }
        assertThat(words[0]).isEqualTo("CONTENT_LENGTH");
        assertThat(expected.keySet()).allMatch(key -> key.matches("[!-~]+"));
        return expected;
    }
}
