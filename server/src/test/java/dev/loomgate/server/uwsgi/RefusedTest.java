package dev.loomgate.server.uwsgi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.cgi.Refused;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RefusedTest {
    static List<PacketFixture> refused() throws IOException {
        return PacketFixture.all().stream()
                .filter(fixture -> fixture.expected().startsWith("refusal"))
                .toList();
    }

    @Test
    void replyIsAWholeHttpResponse() {
        String reply = text(Refused.of(431, "the request's head is too large", "log"));
        assertThat(reply).isEqualTo("""
                        HTTP/1.1 431 Request Header Fields Too Large\r
                        Content-Type: text/plain; charset=utf-8\r
                        Content-Length: 69\r
                        Connection: close\r
                        \r
                        431 Request Header Fields Too Large

                        the request's head is too large
                        """);
    }

    @Test
    void tlsIsAnsweredByAnAlert() throws IOException {
        Refused refused = decoded(PacketFixture.named("tls-client-hello"));
        assertThat(refused.reply()).containsExactly(0x15, 3, 1, 0, 2, 2, 40);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void replyRepeatsNothingOfThePacketAndLogIsOneLine(PacketFixture fixture) {
        Refused refused = decoded(fixture);
        assertThat(refused.refusal().text()).matches("[a-z][A-Za-z ';]+");
        assertThat(refused.refusal().logLine(UnaryOperator.identity()))
                .matches("uwsgi: [ -~]+")
                .hasSizeLessThan(300);
    }

    @Test
    void peerThatIsNotAllowedIs403() throws IOException {
        Refused refused = Refused.of(Refused.peerNotAllowed("uwsgi", InetAddress.getByName("192.0.2.7")));
        assertThat(text(refused)).startsWith("HTTP/1.1 403 Forbidden\r\n");
        assertThat(refused.refusal().logLine(UnaryOperator.identity()))
                .isEqualTo(
                        "uwsgi: refused peer 192.0.2.7, which is neither local nor of an allowed network (allowFrom)");
    }

    private static Refused decoded(PacketFixture fixture) {
        return (Refused) new UwsgiDecoder(fixture.limits()).decode(Unpooled.wrappedBuffer(fixture.bytes()));
    }

    private static String text(Refused refused) {
        return new String(refused.reply(), StandardCharsets.ISO_8859_1);
    }
}
