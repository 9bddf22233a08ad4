package dev.loomgate.server;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3GoAwayFrame;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A client of HTTP/3: Netty's.
final class Http3Client implements AutoCloseable {
    private static final long LIMIT_SECONDS = 110;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final InetSocketAddress server;
    private final Channel socket;
    final List<Long> goAways = new CopyOnWriteArrayList<>();

    Http3Client(Server server) {
        this(TlsPeers.address(server));
    }

    Http3Client(InetSocketAddress server) {
        this.server = server;
        socket = new Bootstrap()
                .group(group)
                .channel(NioDatagramChannel.class)
                .handler(Http3.newQuicClientCodecBuilder()
                        .sslEngineProvider(channel -> QuicSslContextBuilder.forClient()
                                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                                .applicationProtocols(Http3.supportedApplicationProtocols())
                                .build()
                                .newEngine(channel.alloc(), "localhost", server.getPort()))
                        .maxIdleTimeout(60, TimeUnit.SECONDS)
                        .initialMaxData(10_000_000)
                        .initialMaxStreamDataBidirectionalLocal(1_000_000)
                        .initialMaxStreamDataUnidirectional(100_000)
                        .initialMaxStreamsUnidirectional(10)
                        .build())
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    /// Opens a connection, whose handshake is complete.
    QuicChannel connect() throws Exception {
        return QuicChannel.newBootstrap(socket)
                .handler(new Http3ClientConnectionHandler(
                        new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext ctx, Object frame) {
                                if (frame instanceof Http3GoAwayFrame away) {
                                    goAways.add(away.id());
                                }
                                ReferenceCountUtil.release(frame);
                            }
                        },
                        null,
                        null,
                        null,
                        true))
                .remoteAddress(server)
                .connect()
                .get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    static Http3Headers get(String path) {
        return request("GET", path);
    }

    static Http3Headers request(String method, String path) {
        return new DefaultHttp3Headers(false)
                .method(method)
                .scheme("https")
                .authority("localhost")
                .path(path);
    }

    static X509Certificate certificate(QuicChannel connection) throws Exception {
        return (X509Certificate) connection.sslEngine().getSession().getPeerCertificates()[0];
    }

    /// Sends a request's head.
    ///
    /// @param last whether the request ends with it
    static Exchanged send(QuicChannel connection, Http3Headers head, boolean last) throws Exception {
        Exchanged exchanged = new Exchanged();
        QuicStreamChannel stream =
                Http3.newRequestStream(connection, exchanged.handler()).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        exchanged.stream = stream;
        stream.writeAndFlush(new DefaultHttp3HeadersFrame(head)).addListener((ChannelFutureListener) written -> {
            if (last) {
                stream.shutdownOutput();
            }
        });
        return exchanged;
    }

    /// Sends a request, and waits for the response.
    static Exchanged ask(QuicChannel connection, Http3Headers head) throws Exception {
        return send(connection, head, true).await();
    }

    @Override
    public void close() {
        socket.close().syncUninterruptibly();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /// A request's stream, and what has come of the response.
    static final class Exchanged {
        private final CompletableFuture<Http3Headers> head = new CompletableFuture<>();
        private final CompletableFuture<Http3Headers> trailers = new CompletableFuture<>();
        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        final AtomicLong received = new AtomicLong();
        volatile boolean keeps = true;
        private volatile @Nullable QuicStreamChannel stream;

        private ChannelInitializer<QuicStreamChannel> handler() {
            return new ChannelInitializer<>() {
                @Override
                protected void initChannel(QuicStreamChannel channel) {
                    channel.pipeline().addLast(new Http3RequestStreamInboundHandler() {
                        @Override
                        protected void channelRead(ChannelHandlerContext ctx, Http3HeadersFrame frame) {
                            if (!head.complete(frame.headers())) {
                                trailers.complete(frame.headers());
                            }
                        }

                        @Override
                        protected void channelRead(ChannelHandlerContext ctx, Http3DataFrame frame) {
                            ByteBuf bytes = frame.content();
                            received.addAndGet(bytes.readableBytes());
                            if (keeps) {
                                byte[] all = new byte[bytes.readableBytes()];
                                bytes.readBytes(all);
                                content.writeBytes(all);
                            }
                            frame.release();
                        }

                        @Override
                        protected void channelInputClosed(ChannelHandlerContext ctx) {
                            end.complete(null);
                            ctx.close();
                        }

                        @Override
                        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                            head.completeExceptionally(cause);
                            end.completeExceptionally(cause);
                            ctx.close();
                        }

                        @Override
                        public void channelInactive(ChannelHandlerContext ctx) {
                            IllegalStateException closed = new IllegalStateException("closed");
                            head.completeExceptionally(closed);
                            end.completeExceptionally(closed);
                        }
                    });
                }
            };
        }

        QuicStreamChannel stream() {
            return Objects.requireNonNull(stream, "it is being opened");
        }

        /// Sends a piece of the body, when QUIC has taken it.
        void send(byte[] bytes) throws Exception {
            stream()
                    .writeAndFlush(new DefaultHttp3DataFrame(Unpooled.wrappedBuffer(bytes)))
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }

        void endRequest() throws Exception {
            stream().shutdownOutput().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }

        /// As browsers do that don't want a response any more.
        void cancel() throws Exception {
            stream().shutdown(Http3ErrorCode.H3_REQUEST_CANCELLED.code()).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }

        Http3Headers head() throws Exception {
            return head.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }

        /// The fields after the content.
        Http3Headers trailers() throws Exception {
            return trailers.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }

        Exchanged await() throws Exception {
            end.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            return this;
        }

        String status() throws Exception {
            return head().status().toString();
        }

        byte[] bytes() {
            return content.toByteArray();
        }

        String text() {
            return content.toString(StandardCharsets.UTF_8);
        }

        /// The error that the server has reset the stream with.
        long resetBy() throws Exception {
            try {
                end.get(LIMIT_SECONDS, TimeUnit.SECONDS);
                throw new AssertionError("it has ended well");
            } catch (java.util.concurrent.ExecutionException e) {
                if (e.getCause() instanceof QuicStreamResetException reset) {
                    return reset.applicationProtocolCode();
                }
                throw e;
            }
        }
    }
}
