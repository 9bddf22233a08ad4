package dev.loomgate.server.listen;

import dev.loomgate.loop.io.NettyTransport;
import dev.loomgate.loop.settings.Transport;
import dev.loomgate.server.unix.UnixChannels;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.net.SocketAddress;

/// The channels that listen, for each transport and kind of address.
final class ServerChannels {
    // tcp(7): IPPROTO_TCP, TCP_NOTSENT_LOWAT.
    private static final IntegerUnixChannelOption NOTSENT_LOWAT =
            new IntegerUnixChannelOption("TCP_NOTSENT_LOWAT", 6, 25);
    private static final int UNSENT_BYTES = 256 * 1024;

    private ServerChannels() {}

    /// A new, unbound server channel for that kind of address.
    static ServerChannel create(Transport transport, SocketAddress local) {
        boolean unix = NettyTransport.isUnix(local);
        return switch (transport) {
            case EPOLL -> unix ? UnixChannels.newServerChannel() : new EpollServerSocketChannel();
            case IO_URING -> unix ? new IoUringServerDomainSocketChannel() : new IoUringServerSocketChannel();
            case NIO -> unix ? new NioServerDomainSocketChannel() : new NioServerSocketChannel();
        };
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
