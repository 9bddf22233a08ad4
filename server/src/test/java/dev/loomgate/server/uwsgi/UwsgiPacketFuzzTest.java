package dev.loomgate.server.uwsgi;

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

/// A uwsgi packet gives the same message however it is cut, takes no byte past its end, and as a request says what a
/// reader with no regard for speed sees in the same bytes.
@Tag("once")
final class UwsgiPacketFuzzTest implements FuzzTarget {
    private static final Limits LIMITS = PacketFixture.limits(600, 12, 1_000_000);

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
        byte[] packet = input.bytes();
        Decoded whole = decode(List.of(packet));
        Decoded cut = decode(input.pieces());
        assertThat(cut.described()).isEqualTo(whole.described());
        assertThat(cut.taken()).isEqualTo(whole.taken());
        int size = packet.length < 4 ? 0 : (packet[1] & 0xff) | (packet[2] & 0xff) << 8;
        assertThat(whole.taken()).isLessThanOrEqualTo(4 + size);
        switch (whole.message()) {
            case CgiRequest request -> {
                assertThat(whole.taken()).isEqualTo(4 + size);
                Map<String, String> expected = expected(packet, size);
                assertThat(seen(request)).isEqualTo(expected);
                assertThat(request.method()).isEqualTo(expected.getOrDefault("REQUEST_METHOD", "GET"));
                assertThat(request.variableCount()).isBetween(expected.size(), LIMITS.maxHeaderCount());
                assertThat(request.bodyBytes()).isBetween(0L, LIMITS.maxBodyBytes());
                return true;
            }
            case Refused refused -> {
                assertThat(refused.refusal().logLine(UnaryOperator.identity())).matches("uwsgi: [ -~]+");
                assertThat(refused.reply()).isNotEmpty();
            }
            case Incomplete _ -> assertThat(whole.taken()).isEqualTo(packet.length);
            case CgiMessage.Ping _ -> assertThat(packet[0]).isEqualTo((byte) 100);
        }
        return false;
    }

    private static Decoded decode(List<byte[]> pieces) {
        UwsgiDecoder decoder = new UwsgiDecoder(LIMITS);
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
    private static Map<String, String> expected(byte[] packet, int size) {
        Map<String, String> expected = new LinkedHashMap<>();
        int at = 4;
        while (at < 4 + size) {
            int keyLength = (packet[at] & 0xff) + 256 * (packet[at + 1] & 0xff);
            String key = new String(packet, at + 2, keyLength, StandardCharsets.ISO_8859_1);
            at += 2 + keyLength;
            int valueLength = (packet[at] & 0xff) + 256 * (packet[at + 1] & 0xff);
            String value = new String(packet, at + 2, valueLength, StandardCharsets.ISO_8859_1);
            at += 2 + valueLength;
            String separator = key.equals("HTTP_COOKIE") ? "; " : ", ";
            expected.merge(
                    key, value, (a, b) -> key.startsWith("HTTP_") && !key.equals("HTTP_HOST") ? a + separator + b : b);
        }
        assertThat(at).isEqualTo(4 + size);
        assertThat(expected).doesNotContainKey("");
        assertThat(expected.keySet()).allMatch(key -> key.matches("[!-~]+"));
        return expected;
    }
}
