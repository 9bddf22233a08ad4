package dev.loomgate.server.http3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class AddressTokensTest {
    private static final byte[] ID = {1, 2, 3, 4, 5, 6, 7, 8};
    private static final InetSocketAddress CLIENT = at(1, 5000);

    private final AtomicLong now = new AtomicLong(1_000_000);
    private final AtomicBoolean required = new AtomicBoolean(true);
    private final AddressTokens tokens = new AddressTokens(required::get, now::get);

    private static InetSocketAddress at(int host, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) host}), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private ByteBuf token() {
        ByteBuf token = Unpooled.buffer();
        assertThat(tokens.writeToken(token, Unpooled.wrappedBuffer(ID), CLIENT)).isTrue();
        assertThat(token.readableBytes()).isLessThanOrEqualTo(tokens.maxTokenLength());
        return token;
    }

    @Test
    void aTokenIsGoodForItsClient() {
        ByteBuf token = token();
        int id = tokens.validateToken(token, CLIENT);

        assertThat(id).isPositive();
        assertThat(token.slice(id, token.readableBytes() - id)).isEqualTo(Unpooled.wrappedBuffer(ID));
    }

    @Test
    void aTokenIsNoGoodForOthers() {
        assertThat(tokens.validateToken(token(), at(1, 5001))).isNegative();
        assertThat(tokens.validateToken(token(), at(2, 5000))).isNegative();
        assertThat(new AddressTokens(required::get, now::get).validateToken(token(), CLIENT))
                .isNegative();
    }

    @Test
    void aTokenEnds() {
        ByteBuf token = token();
        now.addAndGet(AddressTokens.LIFETIME.toMillis() - 1);
        assertThat(tokens.validateToken(token, CLIENT)).isPositive();
        now.incrementAndGet();
        assertThat(tokens.validateToken(token, CLIENT)).isNegative();
    }

    @Test
    void aTokenThatIsChangedIsNoGood() {
        for (int i = 0; i < token().readableBytes(); i++) {
            ByteBuf token = token();
            token.setByte(i, token.getByte(i) ^ 1);
            assertThat(tokens.validateToken(token, CLIENT)).as("byte %d", i).isNegative();
            assertThat(tokens.validateToken(token().slice(0, i), CLIENT))
                    .as("%d bytes", i)
                    .isNegative();
        }
    }

    @Test
    void noTokenIsWrittenWhereNoneIsRequired() {
        required.set(false);
        ByteBuf token = Unpooled.buffer();

        assertThat(tokens.writeToken(token, Unpooled.wrappedBuffer(ID), CLIENT)).isFalse();
        assertThat(token.isReadable()).isFalse();
    }
}
