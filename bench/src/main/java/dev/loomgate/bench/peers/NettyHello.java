package dev.loomgate.bench.peers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// Raw Netty, the limit that nothing built on it can pass: one epoll loop, the HTTP codec, one handler that
/// answers without looking at the request, unvalidated response headers, one flush per read. TLS by BoringSSL.
public final class NettyHello {
    private NettyHello() {}

    public static void main(String[] args) throws Exception {
        AutoCloseable unused = start(Listening.of(args));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the date is renewed until the loop ends
    public static AutoCloseable start(Listening listening) throws Exception {
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        Answer answer = new Answer();
        SslContext tls = listening.store().isPresent() ? tls(listening.store().get()) : null;
        loop.next().scheduleAtFixedRate(answer::renewDate, 1, 1, TimeUnit.SECONDS);
        new ServerBootstrap()
                .group(loop)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, Hello.BACKLOG)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                        }
                        channel.pipeline().addLast(new HttpServerCodec(), answer);
                    }
                })
                .bind(Hello.HOST, listening.port())
                .sync();
        return () -> loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    private static SslContext tls(Path store) throws Exception {
        return SslContextBuilder.forServer(Listening.keys(store))
                .sslProvider(SslProvider.OPENSSL)
                .build();
    }

    @Sharable
    @SuppressWarnings("FutureReturnValueIgnored") // a write without a promise is the cheapest
    private static final class Answer extends ChannelInboundHandlerAdapter {
        private static final ByteBuf BODY = Unpooled.unreleasableBuffer(
                Unpooled.directBuffer().writeBytes(Hello.bytes()).asReadOnly());
        // AsciiStrings are copied into the answer as they are, Strings character by character.
        private static final AsciiString TYPE = AsciiString.cached(Hello.CONTENT_TYPE);
        private static final AsciiString LENGTH = AsciiString.cached(Integer.toString(BODY.readableBytes()));
        private static final AsciiString SERVER = AsciiString.cached(Hello.SERVER);
        private static final DefaultHttpHeadersFactory HEADERS =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false);
        private static final DefaultHttpHeadersFactory TRAILERS =
                DefaultHttpHeadersFactory.trailersFactory().withValidation(false);

        private AsciiString date = AsciiString.of(Hello.date());

        void renewDate() {
            date = AsciiString.of(Hello.date());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof HttpRequest) {
                FullHttpResponse response = new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.OK, BODY.duplicate(), HEADERS, TRAILERS);
                response.headers()
                        .set(HttpHeaderNames.CONTENT_TYPE, TYPE)
                        .set(HttpHeaderNames.CONTENT_LENGTH, LENGTH)
                        .set(HttpHeaderNames.DATE, date)
                        .set(HttpHeaderNames.SERVER, SERVER);
                ctx.write(response, ctx.voidPromise());
            }
            ReferenceCountUtil.release(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }
    }
}
