package dev.loomgate.python.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PacketHeadTest {
    private static byte[] packet(String... namesAndValues) {
        ByteArrayOutputStream variables = new ByteArrayOutputStream();
        for (String text : namesAndValues) {
            variables.write(text.length() & 0xff);
            variables.write(text.length() >> 8);
            variables.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        }
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(0);
        packet.write(variables.size() & 0xff);
        packet.write(variables.size() >> 8);
        packet.write(0);
        packet.writeBytes(variables.toByteArray());
        return packet.toByteArray();
    }

    @Test
    void methodAndTargetAreRead() {
        byte[] packet =
                packet("PATH_INFO", "/a b", "REQUEST_METHOD", "POST", "REQUEST_URI", "/a%20b?" + "x".repeat(300));
        assertThat(PacketHead.of(packet)).isEqualTo(new PacketHead("POST", "/a%20b?" + "x".repeat(300)));
    }

    @Test
    void withoutARequestUriThePathIsShown() {
        assertThat(PacketHead.of(packet("REQUEST_METHOD", "GET", "PATH_INFO", "/a")))
                .isEqualTo(new PacketHead("GET", "/a"));
    }

    @Test
    void theBodyIsNoVariable() {
        byte[] head = packet("REQUEST_METHOD", "GET", "PATH_INFO", "/a");
        byte[] variable = packet("PATH_INFO", "/body");
        byte[] whole = Arrays.copyOf(head, head.length + variable.length - 4);
        System.arraycopy(variable, 4, whole, head.length, variable.length - 4);
        assertThat(PacketHead.of(whole).target()).isEqualTo("/a");
    }

    @Test
    void aPacketThatIsCutOffAnywhereSaysWhatIsThere() {
        byte[] packet = packet("REQUEST_METHOD", "GET", "REQUEST_URI", "/a");
        for (int length = 0; length < packet.length; length++) {
            boolean hasMethod = length >= 4 + 2 + 14 + 2 + 3;
            assertThat(PacketHead.of(Arrays.copyOf(packet, length)))
                    .isEqualTo(new PacketHead(hasMethod ? "GET" : "?", "?"));
        }
    }
}
