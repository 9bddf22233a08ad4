package dev.loomgate.server.listen;

import dev.loomgate.loop.io.NettyTransport;
import dev.loomgate.loop.settings.Transport;
import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.server.SocketOptions;
import dev.loomgate.server.unix.UnixChannels;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.spi.SelectorProvider;

/// The channels that listen, for each transport and kind of address.
final class ServerChannels {
    // tcp(7): IPPROTO_TCP, TCP_NOTSENT_LOWAT.
    private static final IntegerUnixChannelOption NOTSENT_LOWAT =
            new IntegerUnixChannelOption("TCP_NOTSENT_LOWAT", 6, 25);
    private static final int UNSENT_BYTES = 256 * 1024;

    private static final Logger LOG = System.getLogger("dev.loomgate.server");

    private ServerChannels() {}

    /// A new, unbound server channel for that kind of address. One for an address of IPv4 takes no connections by IPv6;
    /// one for all addresses does, and so does each of io_uring's.
    ///
    /// @param local the place's address
    static ServerChannel create(Transport transport, Place place, SocketAddress local) {
        boolean unix = NettyTransport.isUnix(local);
        boolean four = isOfFour(place, local);
        return switch (transport) {
            case EPOLL ->
                unix
                        ? UnixChannels.newServerChannel()
                        : four
                                ? new EpollServerSocketChannel(SocketProtocolFamily.INET)
                                : new EpollServerSocketChannel();
            case IO_URING -> unix ? new IoUringServerDomainSocketChannel() : new IoUringServerSocketChannel();
            case NIO ->
                unix
                        ? new NioServerDomainSocketChannel()
                        : four
                                ? new NioServerSocketChannel(SelectorProvider.provider(), SocketProtocolFamily.INET)
                                : new NioServerSocketChannel();
        };
    }

    private static boolean isOfFour(Place place, SocketAddress local) {
        return place instanceof Place.Tcp tcp
                && !tcp.host().isEmpty()
                && local instanceof InetSocketAddress address
                && address.getAddress() instanceof Inet4Address;
    }

    /// A server channel on a socket that listens already.
    static ServerChannel on(OpenSocket socket, int descriptor) {
        return socket.isUnix() ? UnixChannels.serverChannel(descriptor) : new EpollServerSocketChannel(descriptor);
    }

    /// Sets what a TCP socket must have before it is bound.
    ///
    /// @throws IOException if the transport can't; the message is a line for the operator
    static void configure(ServerChannel channel, Transport transport, SocketOptions options) throws IOException {
        if (options.reusePort()) {
            ChannelOption<Boolean> option =
                    switch (transport) {
                        case EPOLL, IO_URING -> UnixChannelOption.SO_REUSEPORT;
                        case NIO -> NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT);
                    };
            set(channel, option, true);
        }
        if (options.freeBind()) {
            ChannelOption<Boolean> option =
                    switch (transport) {
                        case EPOLL -> EpollChannelOption.IP_FREEBIND;
                        case IO_URING -> IoUringChannelOption.IP_FREEBIND;
                        case NIO ->
                            throw new IOException(
                                    "the transport nio can't bind addresses that aren't there, epoll can");
                    };
            set(channel, option, true);
        }
        if (options.receiveBufferBytes() > 0) {
            // Of the listening socket: how much a connection has room for is settled in its handshake.
            set(channel, ChannelOption.SO_RCVBUF, options.receiveBufferBytes());
        }
    }

    private static <T> void set(ServerChannel channel, ChannelOption<T> option, T value) throws IOException {
        if (!channel.config().setOption(option, value)) {
            throw new IOException("the transport doesn't know the option " + option);
        }
    }

    /// Sets what a TCP connection has.
    static void configureAccepted(Channel connection, SocketOptions options) {
        if (options.keepAlive()) {
            connection.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        }
        if (options.sendBufferBytes() > 0) {
            connection.config().setOption(ChannelOption.SO_SNDBUF, options.sendBufferBytes());
        }
    }

    /// Sets what a TCP connection has on the listening socket, from which Linux gives it to those that processes
    /// accept. Where the transport can't, nothing happens.
    static void configureInherited(ServerChannel listening, SocketOptions options) {
        if (listening instanceof EpollServerSocketChannel epoll) {
            Socket socket = new Socket(epoll.fd().intValue());
            try {
                socket.setTcpNoDelay(true);
                socket.setKeepAlive(options.keepAlive());
                if (options.sendBufferBytes() > 0) {
                    socket.setSendBufferSize(options.sendBufferBytes());
                }
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "the listening socket has no options of connections", e);
            }
        }
    }

    /// Keeps what the kernel holds of unsent bytes short on all connections that a TCP server channel accepts: then
    /// what a client takes is seen when it takes it, and a slow one doesn't fill megabytes of the kernel's memory.
    /// Where the transport can't, nothing happens.
    static void keepUnsentShort(ServerChannel channel) {
        if (channel instanceof EpollServerSocketChannel) {
            // Inherited from the listening socket: no system call for each connection.
            channel.config().setOption(NOTSENT_LOWAT, UNSENT_BYTES);
        }
    }
}
