package dev.loomgate.loop.io;

import dev.loomgate.loop.settings.Transport;
import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringSocketChannel;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/// What Netty has for each [Transport].
public final class NettyTransport {
    private NettyTransport() {}

    /// The factory of a loop's I/O handler.
    public static IoHandlerFactory ioHandlerFactory(Transport transport) {
        return switch (transport) {
            case EPOLL -> new KeptInEpoll(EpollIoHandler.newFactory());
            case IO_URING -> new NotWokenAtItsEnd(IoUringIoHandler.newFactory());
            case NIO -> NioIoHandler.newFactory();
        };
    }

    /// A new, unconnected channel for that kind of address.
    public static Channel newChannel(Transport transport, SocketAddress remote) {
        boolean unix = isUnix(remote);
        return switch (transport) {
            case EPOLL -> unix ? new EpollDomainSocketChannel() : new EpollSocketChannel();
            case IO_URING -> unix ? new IoUringDomainSocketChannel() : new IoUringSocketChannel();
            case NIO -> unix ? new NioDomainSocketChannel() : new NioSocketChannel();
        };
    }

    /// Whether another OS thread may go on with a loop that waits so. Not with io_uring: the kernel knows Netty's
    /// ring as one thread's (`IORING_REGISTER_RING_FDS`), and refuses it to others.
    public static boolean mayChangeThread(Transport transport) {
        return transport != Transport.IO_URING;
    }

    /// The address of a unix socket in the file system, as the transport's channels take it.
    public static SocketAddress unixAddress(Transport transport, Path path) {
        return transport == Transport.NIO ? UnixDomainSocketAddress.of(path) : new DomainSocketAddress(path.toFile());
    }

    /// Whether an address is that of a unix socket.
    public static boolean isUnix(SocketAddress address) {
        return address instanceof DomainSocketAddress || address instanceof UnixDomainSocketAddress;
    }
}
