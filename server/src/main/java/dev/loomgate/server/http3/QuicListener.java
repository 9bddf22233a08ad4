package dev.loomgate.server.http3;

import dev.loomgate.loop.Loop;
import dev.loomgate.loop.settings.Transport;
import dev.loomgate.server.Http3Options;
import dev.loomgate.server.Limits;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.server.connection.ServerLoop;
import dev.loomgate.server.http.FieldList;
import dev.loomgate.server.listen.Listener;
import dev.loomgate.server.stream.ResponseFields;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// A UDP socket, and the QUIC connections that come by it, all on one loop.
///
/// ```
///  datagrams --> NewConnections --> Netty's QUIC --> a channel for each connection: Http3Connection
///                                                      a channel for each stream: Http3Stream
/// ```
/// Datagrams of all connections come by one socket, so [#close] leaves it open for those that there are: [#end] closes
/// it when they have ended.
public final class QuicListener implements Listener {
    // What the client may send of a body before it is read; of all bodies of a connection together.
    private static final int STREAM_WINDOW_BYTES = 64 * 1024;
    private static final int MAX_CONNECTION_WINDOW_BYTES = 16 << 20;
    // The client's control stream, its two of QPACK, and some of kinds that nobody knows (RFC 9114 section 6.2).
    private static final int UNIDIRECTIONAL_STREAMS = 16;
    private static final int UNIDIRECTIONAL_WINDOW_BYTES = 16 * 1024;

    private final ListenAddress address;
    private final Loop loop;
    private final DatagramChannel channel;
    private final Http3Options options;
    private final AtomicLong arrivals = new AtomicLong();
    private volatile boolean open;
    private volatile boolean suspended;
    private int handshakes; // loop side only

    private QuicListener(ListenAddress address, Loop loop, DatagramChannel channel, Http3Options options) {
        this.address = address;
        this.loop = loop;
        this.channel = channel;
        this.options = options;
    }

    /// Loads the native library.
    ///
    /// @throws IOException if it can't be; the message says why
    public static void require() throws IOException {
        if (!Quic.isAvailable()) {
            throw new IOException("QUIC's native library isn't for this system: "
                    + Quic.unavailabilityCause().getMessage());
        }
    }

    /// Binds a UDP socket, from which nothing is read yet: [#serve] and [#accept] follow. Blocks.
    ///
    /// @param beside the listener for HTTPS whose host and port it has, on TCP
    /// @param loop that has all its connections
    /// @throws IOException if that fails; the message is a line for the operator
    public static QuicListener bind(ListenAddress beside, Loop loop, Transport transport, Http3Options options)
            throws IOException {
        Place.Tcp place = (Place.Tcp) beside.place();
        DatagramChannel channel =
                switch (transport) {
                    case EPOLL -> new EpollDatagramChannel();
                    case IO_URING -> new IoUringDatagramChannel();
                    case NIO -> new NioDatagramChannel();
                };
        channel.config().setAutoRead(false);
        if (transport != Transport.NIO) {
            // A server that takes this one's place has its own socket while this one ends. The TCP port beside it
            // tells a second server by mistake.
            channel.config().setOption(UnixChannelOption.SO_REUSEPORT, true);
        }
        channel.config().setOption(ChannelOption.SO_RCVBUF, 1 << 20);
        EventLoop io = loop.side().io();
        io.register(channel).syncUninterruptibly();
        InetSocketAddress local = place.host().isEmpty()
                ? new InetSocketAddress(place.port())
                : new InetSocketAddress(place.host(), place.port());
        Throwable failure = channel.bind(local).awaitUninterruptibly().cause();
        if (failure != null) {
            channel.close().awaitUninterruptibly();
            throw new IOException("%s, UDP: %s".formatted(place, failure.getMessage()), failure);
        }
        return new QuicListener(beside, loop, channel, options);
    }

    /// The loop that has its connections.
    public Loop loop() {
        return loop;
    }

    /// Says who answers. Before [#accept], once.
    ///
    /// @param serverLoop of [#loop]
    public void serve(ServerLoop serverLoop, QuicTls tls) {
        Limits limits = serverLoop.options().limits(ListenAddress.Protocol.HTTPS);
        FieldList fields = FieldList.http3(limits);
        ResponseFields responseFields = new ResponseFields("");
        QuicServerCodecBuilder codec = Http3.newQuicServerCodecBuilder()
                .sslEngineProvider(of -> tls.newEngine(of.alloc()))
                .maxIdleTimeout(limits.idleTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .initialMaxData(
                        Math.min((long) options.maxHttp3Streams() * STREAM_WINDOW_BYTES, MAX_CONNECTION_WINDOW_BYTES))
                .initialMaxStreamDataBidirectionalLocal(0)
                .initialMaxStreamDataBidirectionalRemote(STREAM_WINDOW_BYTES)
                .initialMaxStreamDataUnidirectional(UNIDIRECTIONAL_WINDOW_BYTES)
                .initialMaxStreamsBidirectional(options.maxHttp3Streams())
                .initialMaxStreamsUnidirectional(UNIDIRECTIONAL_STREAMS)
                .activeMigration(true)
                .tokenHandler(new AddressTokens(this::mustProveAddresses, System::currentTimeMillis))
                .handler(new ChannelInitializer<QuicChannel>() {
                    @Override
                    protected void initChannel(QuicChannel opened) {
                        begun(serverLoop, opened, limits, fields, responseFields);
                    }
                });
        channel.pipeline()
                .addLast(new NewConnections(() -> open && !suspended && serverLoop.hasRoom()))
                .addLast(codec.build());
    }

    private boolean mustProveAddresses() {
        return handshakes >= options.maxHttp3Handshakes();
    }

    private void begun(
            ServerLoop serverLoop, QuicChannel opened, Limits limits, FieldList fields, ResponseFields responseFields) {
        arrivals.setOpaque(arrivals.getPlain() + 1);
        serverLoop.reserveBeyondLimit();
        handshakes++;
        Http3Connection connection =
                new Http3Connection(serverLoop, opened, limits, fields, responseFields, () -> handshakes--);
        opened.pipeline().addLast(connection.frames(), connection);
    }

    @Override
    public ListenAddress address() {
        return address;
    }

    @Override
    public void accept() {
        open = true;
        loop.side().execute(() -> channel.config().setAutoRead(true));
    }

    @Override
    public void roomAgain() {}

    @Override
    public void suspend(boolean wanted) {
        suspended = wanted;
    }

    /// Another process has a socket of its own at the same place.
    @Override
    public void share() {}

    @Override
    public OptionalInt openSocket() {
        return OptionalInt.empty();
    }

    @Override
    public void hide() {
        open = false;
    }

    @Override
    public long arrivals() {
        return arrivals.getOpaque();
    }

    @Override
    public boolean isPaused() {
        return false;
    }

    @Override
    public OptionalInt queued() {
        return OptionalInt.empty();
    }

    @Override
    public CompletableFuture<Void> nextLook() {
        CompletableFuture<Void> looked = new CompletableFuture<>();
        loop.side().execute(() -> loop.side().io().execute(() -> looked.complete(null)));
        return looked;
    }

    @Override
    public void close() {
        open = false;
    }

    /// Closes the socket: all its connections have ended, or end now. Blocks.
    public void end() {
        open = false;
        channel.close().awaitUninterruptibly();
    }
}
