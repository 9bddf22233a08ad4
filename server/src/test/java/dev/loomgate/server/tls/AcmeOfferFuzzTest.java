package dev.loomgate.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.fuzz.FuzzInput;
import dev.loomgate.testkit.fuzz.FuzzTarget;
import dev.loomgate.testkit.fuzz.Fuzzing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.util.concurrent.Future;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a ClientHello offers is read without harm from any bytes, as another reader reads it, and the same however the
/// records come.
@Tag("once")
final class AcmeOfferFuzzTest implements FuzzTarget {
    @Test
    void holdsForAnyBytes() throws Exception {
        Fuzzing.run(this);
    }

    @Override
    public boolean check(FuzzInput input) {
        byte[] bytes = input.bytes();
        ByteBuf hello = Unpooled.wrappedBuffer(bytes);
        boolean offered = AcmeOffer.isIn(hello);
        assertThat(hello.readableBytes()).isEqualTo(bytes.length);
        assertThat(hello.refCnt()).isEqualTo(1);
        assertThat(offered).isEqualTo(expected(bytes));
        byte[] record = record(bytes);
        Boolean whole = received(List.of(record));
        assertThat(received(input.pieces(record))).isEqualTo(whole).isIn(null, offered);
        // As records, too, of which the client says the lengths.
        assertThat(received(input.pieces())).isEqualTo(received(List.of(bytes)));
        return offered;
    }

    // A handshake record with a ClientHello in it (RFC 8446 sections 4 and 5.1).
    private static byte[] record(byte[] hello) {
        ByteBuffer record = ByteBuffer.allocate(9 + hello.length);
        record.put((byte) 22).putShort((short) 0x301).putShort((short) (hello.length + 4));
        record.put((byte) 1).put((byte) 0).putShort((short) hello.length).put(hello);
        return record.array();
    }

    /// What Netty's handler, which is the server's, hands over: null if it hands nothing over.
    private static @Nullable Boolean received(List<byte[]> pieces) {
        Boolean[] offered = new Boolean[1];
        EmbeddedChannel channel = new EmbeddedChannel(new SslClientHelloHandler<Boolean>() {
            @Override
            protected Future<Boolean> lookup(ChannelHandlerContext context, @Nullable ByteBuf hello) {
                offered[0] = hello != null && AcmeOffer.isIn(hello);
                return context.executor().newSucceededFuture(true);
            }

            @Override
            protected void onLookupComplete(ChannelHandlerContext context, Future<Boolean> future) {
                context.pipeline().remove(this);
            }
        });
        try {
            for (byte[] piece : pieces) {
                channel.writeInbound(Unpooled.wrappedBuffer(piece));
            }
        } catch (DecoderException e) {
            // No TLS.
        } finally {
            try {
                channel.finishAndReleaseAll();
            } catch (DecoderException e) {
                // Nor at the end.
            }
        }
        return offered[0];
    }

    private static boolean expected(byte[] hello) {
        try {
            ByteBuffer in = ByteBuffer.wrap(hello);
            take(in, 34);
            take(in, in.get() & 0xff);
            take(in, in.getShort() & 0xffff);
            take(in, in.get() & 0xff);
            int end = (in.getShort() & 0xffff) + in.position();
            while (in.position() < end) {
                int kind = in.getShort() & 0xffff;
                byte[] extension = take(in, in.getShort() & 0xffff);
                if (kind == 16) {
                    byte[] alone = "\0\13\12acme-tls/1".getBytes(StandardCharsets.US_ASCII);
                    return extension.length >= alone.length
                            && Arrays.equals(Arrays.copyOf(extension, alone.length), alone);
                }
            }
            return false;
        } catch (BufferUnderflowException e) {
            return false;
        }
    }

    private static byte[] take(ByteBuffer in, int count) {
        byte[] taken = new byte[count];
        in.get(taken);
        return taken;
    }
}
