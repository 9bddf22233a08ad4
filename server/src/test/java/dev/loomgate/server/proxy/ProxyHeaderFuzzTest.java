package dev.loomgate.server.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.connection.ConnectionFacts.Ends;
import dev.loomgate.server.proxy.ProxyHeader.Complete;
import dev.loomgate.server.proxy.ProxyHeader.Incomplete;
import dev.loomgate.server.proxy.ProxyHeader.Wrong;
import dev.loomgate.testkit.fuzz.FuzzInput;
import dev.loomgate.testkit.fuzz.FuzzTarget;
import dev.loomgate.testkit.fuzz.Fuzzing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A header of the PROXY protocol is the same however it is cut, not a byte longer, and the addresses that it gives are
/// those that stand in it.
@Tag("once")
final class ProxyHeaderFuzzTest implements FuzzTarget {
    private static final int MAX_BYTES = 300;
    private static final int V1_MOST = 107;

    private record Decoded(ProxyHeader header, int taken) {}

    @Test
    void holdsForAnyBytes() throws Exception {
        Fuzzing.run(this);
    }

    @Override
    public boolean check(FuzzInput input) {
        byte[] bytes = input.bytes();
        Decoded whole = decode(List.of(bytes));
        assertThat(decode(input.pieces())).isEqualTo(whole);
        return switch (whole.header()) {
            case Incomplete _ -> {
                assertThat(whole.taken()).isEqualTo(bytes.length).isLessThan(MAX_BYTES);
                yield false;
            }
            case Wrong(String why) -> {
                assertThat(why).matches("[ -~]+");
                yield false;
            }
            case Complete(Ends ends) -> {
                byte[] header = Arrays.copyOf(bytes, whole.taken());
                if (header[0] == 'P') {
                    checkFirst(new String(header, StandardCharsets.ISO_8859_1), ends);
                } else {
                    checkSecond(header, ends);
                }
                yield true;
            }
        };
    }

    private static Decoded decode(List<byte[]> pieces) {
        ProxyHeaderDecoder decoder = new ProxyHeaderDecoder(MAX_BYTES);
        ProxyHeader header = Incomplete.INCOMPLETE;
        int taken = 0;
        for (byte[] piece : pieces) {
            ByteBuf in = Unpooled.wrappedBuffer(piece);
            header = decoder.read(in);
            taken += piece.length - in.readableBytes();
            assertThat(decoder.size()).isEqualTo(taken);
            if (header != Incomplete.INCOMPLETE) {
                break;
            }
        }
        return new Decoded(header, taken);
    }

    private static void checkFirst(String line, @Nullable Ends ends) {
        assertThat(line).startsWith("PROXY ").endsWith("\r\n").hasSizeLessThanOrEqualTo(V1_MOST);
        assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
        if (ends == null) {
            assertThat(line).matches("(?s)PROXY UNKNOWN( .*)?\r\n");
            return;
        }
        String[] words = line.strip().split(" ");
        assertThat(words).hasSize(6);
        InetSocketAddress from = Objects.requireNonNull(ends.remote());
        InetSocketAddress to = Objects.requireNonNull(ends.local());
        assertThat(from.getPort()).isEqualTo(Integer.parseInt(words[4]));
        assertThat(to.getPort()).isEqualTo(Integer.parseInt(words[5]));
        if (words[1].equals("TCP4")) {
            assertThat(from.getAddress().getHostAddress()).isEqualTo(words[2]);
            assertThat(to.getAddress().getHostAddress()).isEqualTo(words[3]);
        } else {
            assertThat(words[1]).isEqualTo("TCP6");
            assertThat(words[2] + words[3]).matches("[0-9A-Fa-f:.]+");
        }
    }

    // What can be written from the addresses alone stands in the header.
    private static void checkSecond(byte[] header, @Nullable Ends ends) {
        assertThat(header.length).isEqualTo(16 + (((header[14] & 0xff) << 8) | (header[15] & 0xff)));
        int command = header[12] & 0xff;
        int family = header[13] & 0xff;
        if (command == 0x20 || family == 0) {
            assertThat(ends).isNull();
            return;
        }
        assertThat(command).isEqualTo(0x21);
        if (family == 0x31) {
            assertThat(ends).isEqualTo(new Ends(null, null));
            return;
        }
        InetSocketAddress from =
                Objects.requireNonNull(Objects.requireNonNull(ends).remote());
        InetSocketAddress to = Objects.requireNonNull(ends.local());
        int width = family == 0x11 ? 4 : 16;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        written.writeBytes(bytes(from, width));
        written.writeBytes(bytes(to, width));
        for (InetSocketAddress end : new InetSocketAddress[] {from, to}) {
            written.write(end.getPort() >> 8);
            written.write(end.getPort());
        }
        assertThat(Arrays.copyOfRange(header, 16, 16 + 2 * width + 4)).isEqualTo(written.toByteArray());
    }

    // Java makes an IPv4 address of one that is mapped into IPv6.
    private static byte[] bytes(InetSocketAddress end, int width) {
        byte[] bytes = end.getAddress().getAddress();
        if (end.getAddress() instanceof Inet4Address && width == 16) {
            byte[] mapped = new byte[16];
            mapped[10] = -1;
            mapped[11] = -1;
            System.arraycopy(bytes, 0, mapped, 12, 4);
            return mapped;
        }
        return bytes;
    }
}
