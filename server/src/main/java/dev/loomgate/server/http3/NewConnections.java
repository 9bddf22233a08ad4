package dev.loomgate.server.http3;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.util.function.BooleanSupplier;

/// Drops the packets that would begin a connection while none is taken: the client sends them again after a while, as
/// if the network had lost them. Loop side only.
final class NewConnections extends ChannelInboundHandlerAdapter {
    // Long header, fixed bit, type Initial (RFC 9000 section 17.2.2).
    private static final int MASK = 0xf0;
    private static final int INITIAL = 0xc0;

    private final BooleanSupplier taken;

    /// @param taken whether they are
    NewConnections(BooleanSupplier taken) {
        this.taken = taken;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        ByteBuf content = packet.content();
        boolean begins = content.isReadable() && (content.getByte(content.readerIndex()) & MASK) == INITIAL;
        if (begins && !taken.getAsBoolean()) {
            packet.release();
        } else {
            ctx.fireChannelRead(packet);
        }
    }
}
