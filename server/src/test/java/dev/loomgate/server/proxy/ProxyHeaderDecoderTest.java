package dev.loomgate.server.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.connection.ConnectionFacts.Ends;
import dev.loomgate.server.proxy.ProxyHeader.Complete;
import dev.loomgate.server.proxy.ProxyHeader.Incomplete;
import dev.loomgate.server.proxy.ProxyHeader.Wrong;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Headers, right or wrong, give the same answer in every segmentation, and not a byte more is taken.
final class ProxyHeaderDecoderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String V4 = "c0000207" + "c6336401" + "dc04" + "01bb";
    private static final String FROM_TO = "192.0.2.7:56324 198.51.100.1:443";

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443, 192.0.2.7:56324 198.51.100.1:443",
        "PROXY TCP4 0.0.0.0 255.255.255.255 0 65535, 0.0.0.0:0 255.255.255.255:65535",
        "PROXY TCP6 2001:db8::1 ::1 1 2, 2001:db8:0:0:0:0:0:1:1 0:0:0:0:0:0:0:1:2",
        "PROXY UNKNOWN, own",
        "PROXY UNKNOWN ffff:f 1 2, own"
    })
    void lineOfVersion1(String line, String ends) {
        assertThat(everySplit((line + "\r\n").getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(ends);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP4 192.0.2.7 198.51.100.1 56324\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443 \r\n",
                "PROXY TCP4  192.0.2.7 198.51.100.1 56324 443\r\n",
                "PROXY TCP4 192.0.2.07 198.51.100.1 56324 443\r\n",
                "PROXY TCP4 192.0.2.256 198.51.100.1 56324 443\r\n",
                "PROXY TCP4 192.0.2 198.51.100.1 56324 443\r\n",
                "PROXY TCP4 ::1 ::1 56324 443\r\n",
                "PROXY TCP6 192.0.2.7 198.51.100.1 56324 443\r\n",
                "PROXY TCP6 fe80::1%eth0 ::1 56324 443\r\n",
                "PROXY TCP4 localhost 198.51.100.1 56324 443\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 65536 443\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 056 443\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 -1 443\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\n",
                "PROXY UDP4 192.0.2.7 198.51.100.1 56324 443\r\n",
                "PROXY \r\n",
                "proxy TCP4 192.0.2.7 198.51.100.1 56324 443\r\n",
                "GET / HTTP/1.1\r\n\r\n"
            })
    void otherLinesAreWrong(String line) {
        assertThat(everySplit(line.getBytes(StandardCharsets.US_ASCII))).startsWith("wrong");
    }

    @Test
    void lineThatNeverEndsIsWrong() {
        assertThat(everySplit(("PROXY UNKNOWN " + "x".repeat(200)).getBytes(StandardCharsets.US_ASCII)))
                .startsWith("wrong the line ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "2111000c" + V4 + "; " + FROM_TO,
                "21110013" + V4 + "04000361" + "6263" + "00" + "; wrong a TLV doesn't fit in the header",
                "21110012" + V4 + "040003616263; " + FROM_TO,
                "20000000; own",
                "20110003616263; own",
                "21000003616263; own",
                "2121002420010db8000000000000000000000001000000000000000000000000000000010001" + "0002;"
                        + "2001:db8:0:0:0:0:0:1:1 0:0:0:0:0:0:0:1:2",
                "2112000c" + V4 + "; wrong family and protocol are 0x12, no stream",
                "2211000c" + V4 + "; wrong version and command are 0x22, neither LOCAL nor PROXY of version 2",
                "1111000c" + V4 + "; wrong version and command are 0x11, neither LOCAL nor PROXY of version 2",
                "2111000bc0000207c6336401dc0401; wrong the header has 11 bytes for addresses that take 12",
                "21111000; wrong the header takes 4112 bytes, over 4096"
            })
    void headerOfVersion2(String header, String ends) {
        assertThat(everySplit(HexFormat.of().parseHex(SIGNATURE + header))).isEqualTo(ends);
    }

    @Test
    void unixSocketHasNoAddresses() {
        byte[] header = Arrays.copyOf(HexFormat.of().parseHex(SIGNATURE + "213100d8"), 16 + 216);
        assertThat(everySplit(header)).isEqualTo("null null");
    }

    @Test
    void checksumIsChecked() {
        byte[] header = HexFormat.of().parseHex(SIGNATURE + "21110013" + V4 + "03000400000000");
        CRC32C sum = new CRC32C();
        sum.update(header);
        for (int i = 0; i < 4; i++) {
            header[header.length - 4 + i] = (byte) (sum.getValue() >>> (24 - 8 * i));
        }
        assertThat(everySplit(header)).isEqualTo(FROM_TO);
        header[20] ^= 1;
        assertThat(everySplit(header)).isEqualTo("wrong the checksum is wrong");
    }

    private static String everySplit(byte[] header) {
        String answer = answer(header, 0);
        for (int split = 1; split <= header.length; split++) {
            assertThat(answer(header, split)).as("split at %d", split).isEqualTo(answer);
        }
        return answer;
    }

    private static String answer(byte[] header, int split) {
        ProxyHeaderDecoder decoder = new ProxyHeaderDecoder(4096);
        ProxyHeader read = decoder.read(Unpooled.wrappedBuffer(header, 0, split));
        if (read == Incomplete.INCOMPLETE) {
            byte[] rest = Arrays.copyOf(Arrays.copyOfRange(header, split, header.length), header.length - split + 4);
            ByteBuf in = Unpooled.wrappedBuffer(rest);
            read = decoder.read(in);
            if (read instanceof Complete) {
                assertThat(in.readableBytes()).as("bytes left").isEqualTo(4);
            }
        }
        return switch (read) {
            case Incomplete incomplete -> "incomplete";
            case Wrong(String why) -> "wrong " + why;
            case Complete complete -> text(complete.ends());
        };
    }

    private static String text(@Nullable Ends ends) {
        return ends == null ? "own" : text(ends.remote()) + " " + text(ends.local());
    }

    private static String text(@Nullable InetSocketAddress address) {
        return address == null ? "null" : address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
