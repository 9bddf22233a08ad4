package dev.loomgate.server.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.util.concurrent.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a client's first message for the name that it asks for, and puts TLS with that name's certificate in its own
/// place. Loop side only.
final class ClientHello extends AbstractSniHandler<ServerContext> {
    private static final int HANDSHAKE = 22; // RFC 8446 section 5.1

    private final Certificates certificates;
    private final TlsHandshake handshake;
    private boolean seen;
    private boolean isOfAuthority;

    ClientHello(Certificates certificates, TlsHandshake handshake) {
        super(0); // the server loop has the deadline
        this.certificates = certificates;
        this.handshake = handshake;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (!seen && in.isReadable()) {
            seen = true;
            int first = in.getUnsignedByte(in.readerIndex());
            if (first != HANDSHAKE) {
                in.skipBytes(in.readableBytes());
                ctx.pipeline().remove(this);
                handshake.isPlain(first >= 'A' && first <= 'Z');
                return;
            }
        }
        super.decode(ctx, in, out);
    }

    @Override
    protected Future<ServerContext> lookup(ChannelHandlerContext ctx, @Nullable ByteBuf hello) throws Exception {
        isOfAuthority = hello != null && AcmeOffer.isIn(hello);
        return super.lookup(ctx, hello);
    }

    @Override
    protected Future<ServerContext> lookup(ChannelHandlerContext ctx, @Nullable String name) {
        return ctx.executor().newSucceededFuture(certificates.of(name, isOfAuthority));
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext ctx, @Nullable String name, Future<ServerContext> found) {
        ctx.pipeline().replace(this, null, found.getNow().newHandler(ctx.alloc()));
    }
}
