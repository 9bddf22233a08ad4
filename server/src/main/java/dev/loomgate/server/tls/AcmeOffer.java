package dev.loomgate.server.tls;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/// Tells from a client's first message whether it is an authority that proves who has the name: it offers
/// `acme-tls/1` alone (RFC 8737 section 3). Pure.
final class AcmeOffer {
    /// As ALPN names it.
    static final String PROTOCOL = "acme-tls/1";

    private static final int BEFORE_SESSION = 34; // version and random, RFC 8446 section 4.1.2
    private static final int ALPN = 16; // RFC 7301 section 3.1

    private AcmeOffer() {}

    /// @param hello a ClientHello without the head of its handshake message; isn't changed
    static boolean isIn(ByteBuf hello) {
        ByteBuf in = hello.slice();
        try {
            in.skipBytes(BEFORE_SESSION);
            in.skipBytes(in.readUnsignedByte());
            in.skipBytes(in.readUnsignedShort());
            in.skipBytes(in.readUnsignedByte());
            int end = in.readUnsignedShort() + in.readerIndex();
            while (in.readerIndex() < end) {
                int kind = in.readUnsignedShort();
                ByteBuf extension = in.readSlice(in.readUnsignedShort());
                if (kind == ALPN) {
                    return isAlone(extension);
                }
            }
        } catch (IndexOutOfBoundsException e) {
            // TLS itself will say what is wrong with it.
        }
        return false;
    }

    private static boolean isAlone(ByteBuf protocols) {
        int length = protocols.readUnsignedShort();
        // Text past the extension's end would be another one's.
        return length == PROTOCOL.length() + 1
                && protocols.readableBytes() >= length
                && protocols.readUnsignedByte() == PROTOCOL.length()
                && protocols
                        .toString(protocols.readerIndex(), PROTOCOL.length(), StandardCharsets.US_ASCII)
                        .equals(PROTOCOL);
    }
}
