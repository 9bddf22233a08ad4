package dev.loomgate.server.listen;

import dev.loomgate.loop.Loop;
import dev.loomgate.loop.Timer;
import dev.loomgate.loop.settings.Transport;
import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.server.bind.SocketOwner;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// A server channel whose connections all get a text, and are closed; see [dev.loomgate.server.TextServer].
public final class TextListener extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = System.getLogger("dev.loomgate.server");
    private static final int MOST_CONNECTIONS = 64;
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration REST = Duration.ofSeconds(1);

    private final BoundPlace place;
    private final Place actual;
    private final Loop loop;
    private final ServerChannel channel;

    // Set before the first connection is accepted.
    private Callable<byte[]> text = () -> new byte[0];
    private boolean afterRequest;

    // Loop side only.
    private int connections;
    private boolean resting;

    private TextListener(BoundPlace place, Place actual, Loop loop, ServerChannel channel) {
        this.place = place;
        this.actual = actual;
        this.loop = loop;
        this.channel = channel;
    }

    /// Binds it; nothing is accepted yet. Blocks.
    ///
    /// @param mode permission bits of a unix socket
    /// @throws IOException if that fails; the message is a line for the operator
    public static TextListener bind(Place wanted, Loop loop, int mode) throws IOException {
        Transport transport = loop.side().transport();
        BoundPlace place = BoundPlace.prepare(wanted, transport, mode, SocketOwner.find(""));
        ServerChannel channel = wanted instanceof Place.Tcp || transport != Transport.EPOLL
                ? ServerChannels.create(transport, wanted, place.socketAddress())
                : new EpollServerDomainSocketChannel();
        channel.config().setAutoRead(false);
        try {
            register(channel, loop).syncUninterruptibly();
            place.bind(channel);
        } catch (IOException | RuntimeException e) {
            channel.close().awaitUninterruptibly();
            throw e;
        }
        TextListener made = new TextListener(place, place.actual(channel), loop, channel);
        channel.pipeline().addLast(made);
        return made;
    }

    private static ChannelFuture register(Channel channel, Loop loop) {
        EventLoop io = loop.side().io();
        return io.register(channel);
    }

    /// Where it listens, with the real port.
    public Place place() {
        return actual;
    }

    /// Accepts from now on. Once.
    ///
    /// @param what is run in a microthread for each connection
    /// @param afterTheFirstBytes whether a client is heard first, as HTTP clients expect
    public void accept(Callable<byte[]> what, boolean afterTheFirstBytes) {
        text = what;
        afterRequest = afterTheFirstBytes;
        loop.side().execute(this::update);
    }

    private void update() {
        channel.config().setAutoRead(!resting && connections < MOST_CONNECTIONS);
    }

    // While there are as many as there may be, others wait in the kernel's queue.
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Channel child = (Channel) message;
        connections++;
        update();
        child.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        child.pipeline().addLast(new Connection());
        child.closeFuture().addListener(closed -> loop.side().execute(this::closed));
        register(child, loop).addListener(registered -> {
            if (!registered.isSuccess()) {
                child.unsafe().closeForcibly();
            }
        });
    }

    private void closed() {
        connections--;
        updateIfOpen();
    }

    private void updateIfOpen() {
        if (channel.isOpen()) {
            update();
        }
    }

    // Without file descriptors it would fail again at once, and again.
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!resting) {
            resting = true;
            update();
            loop.callLater(REST, () -> loop.side().execute(() -> {
                resting = false;
                updateIfOpen();
            }));
        }
        LOG.log(
                Level.WARNING,
                "{0}: accepting failed, retrying in {1} s (is the number of open files too low? ulimit -n): {2}",
                actual,
                REST.toSeconds(),
                cause.getMessage());
    }

    /// Accepts no more. Blocks.
    public void close() {
        place.unlink();
        channel.close().awaitUninterruptibly();
    }

    /// One client. Loop side.
    private final class Connection extends ChannelInboundHandlerAdapter {
        private boolean begun;
        private @Nullable Timer limit;

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            limit = loop.callLater(LIMIT, () -> loop.side().execute(ctx::close));
            if (!afterRequest) {
                begin(ctx.channel());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (limit != null) {
                limit.cancel();
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
            begin(ctx.channel());
        }

        private void begin(Channel client) {
            if (!begun) {
                begun = true;
                loop.start("a text for a client of " + actual, () -> answer(client));
            }
        }

        // A close with bytes that nobody has read would take away from the client what it hasn't read: so the client
        // ends first, or the limit does.
        private void answer(Channel client) {
            byte[] bytes;
            try {
                bytes = text.call();
            } catch (Exception e) {
                LOG.log(Level.WARNING, "{0}: there is no answer for a client: {1}", actual, e.getMessage());
                client.close();
                return;
            }
            client.writeAndFlush(Unpooled.wrappedBuffer(bytes)).addListener((ChannelFutureListener) written -> {
                if (written.isSuccess() && client instanceof DuplexChannel duplex) {
                    duplex.shutdownOutput();
                    closeIfOver(client);
                } else {
                    client.close();
                }
            });
        }

        // The client may end its side before it reads.
        private static void closeIfOver(Channel client) {
            if (client instanceof DuplexChannel duplex && duplex.isOutputShutdown() && duplex.isInputShutdown()) {
                client.close();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            closeIfOver(ctx.channel());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
