package dev.loomgate.server.http3;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Tokens by which a client proves that it gets what is sent to its address, before anything is kept of it (RFC 9000
/// section 8.1.2). Loop side only.
///
/// ```
///  expiry in ms (64) | HMAC-SHA-256, the first half (128) of: expiry, id, port, address | the connection's first id
/// ```
/// The key is random, and lasts as long as this object.
final class AddressTokens implements QuicTokenHandler {
    /// How long a token is good.
    static final Duration LIFETIME = Duration.ofSeconds(10);

    private static final String ALGORITHM = "HmacSHA256";
    private static final int MAC_BYTES = 16;
    private static final int HEAD_BYTES = Long.BYTES + MAC_BYTES;

    private final Mac mac;
    private final BooleanSupplier required;
    private final LongSupplier millis;

    /// @param required whether a client that has none is sent one, and nothing else, now
    /// @param millis the time
    AddressTokens(BooleanSupplier required, LongSupplier millis) {
        this.required = required;
        this.millis = millis;
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC with SHA-256", e);
        }
    }

    @Override
    public boolean writeToken(ByteBuf out, ByteBuf dcid, InetSocketAddress address) {
        if (!required.getAsBoolean()) {
            return false;
        }
        byte[] id = new byte[dcid.readableBytes()];
        dcid.getBytes(dcid.readerIndex(), id);
        long expiry = millis.getAsLong() + LIFETIME.toMillis();
        out.writeLong(expiry).writeBytes(sign(expiry, id, address)).writeBytes(id);
        return true;
    }

    @Override
    public int validateToken(ByteBuf token, InetSocketAddress address) {
        int count = token.readableBytes();
        if (count < HEAD_BYTES || count > maxTokenLength()) {
            return -1;
        }
        int from = token.readerIndex();
        long expiry = token.getLong(from);
        byte[] signature = new byte[MAC_BYTES];
        token.getBytes(from + Long.BYTES, signature);
        byte[] id = new byte[count - HEAD_BYTES];
        token.getBytes(from + HEAD_BYTES, id);
        boolean right = MessageDigest.isEqual(signature, sign(expiry, id, address));
        return right && millis.getAsLong() < expiry ? from + HEAD_BYTES : -1;
    }

    private byte[] sign(long expiry, byte[] id, InetSocketAddress address) {
        byte[] host = address.getAddress().getAddress();
        // Fields of a fixed length first, and the one that isn't with its length: no two tokens sign the same bytes.
        ByteBuffer head = ByteBuffer.allocate(Long.BYTES + 2 * Integer.BYTES)
                .putLong(expiry)
                .putInt(address.getPort())
                .putInt(id.length);
        mac.update(head.array());
        mac.update(id);
        return Arrays.copyOf(mac.doFinal(host), MAC_BYTES);
    }

    @Override
    public int maxTokenLength() {
        return HEAD_BYTES + Quic.MAX_CONN_ID_LEN;
    }
}
