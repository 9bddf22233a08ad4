package dev.loomgate.server.http3;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;
import org.jspecify.annotations.Nullable;

/// Sends a stream's FIN together with the bytes of the last frame. First in a stream's pipeline. Loop side only.
///
/// A FIN that is sent on its own may get lost for good: quiche takes a stream for complete when its bytes are
/// acknowledged, forgets it, and doesn't send the FIN again (cloudflare/quiche issue 2525). The client then has the
/// whole response, and waits for its end until the connection is idle for too long.
final class ResponseEnd extends ChannelOutboundHandlerAdapter {
    private @Nullable ChannelPromise last;

    /// A promise for the write of the last frame. Netty's HTTP/3 writes each frame as one buffer, with its promise.
    ChannelPromise lastWrite(QuicStreamChannel channel) {
        ChannelPromise promise = channel.newPromise();
        last = promise;
        return promise;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the promise has a listener
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        boolean ends = promise == last && message instanceof ByteBuf;
        ctx.write(ends ? new DefaultQuicStreamFrame((ByteBuf) message, true) : message, promise);
    }
}
