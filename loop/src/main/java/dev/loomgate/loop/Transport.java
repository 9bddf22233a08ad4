package dev.loomgate.loop;

import dev.loomgate.loop.io.NettyTransport;
import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.net.SocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How a loop talks to the operating system.
public enum Transport {
    /// Linux's epoll, by Netty's native library: the default where it loads.
    EPOLL,
    /// Linux's io_uring, by Netty's native library.
    IO_URING,
    /// The JDK's selectors: everywhere. Unix sockets take a path, no abstract name.
    NIO;

    // tcp(7): IPPROTO_TCP, TCP_NOTSENT_LOWAT.
    private static final IntegerUnixChannelOption NOTSENT_LOWAT =
            new IntegerUnixChannelOption("TCP_NOTSENT_LOWAT", 6, 25);
    private static final int UNSENT_BYTES = 256 * 1024;

    /// Epoll where it is available, else NIO.
    public static Transport preferred() {
        return EPOLL.unavailability() == null ? EPOLL : NIO;
    }

    /// Why this transport can't be used on this machine; empty if it can.
    public Optional<String> unavailableReason() {
        return Optional.ofNullable(unavailability()).map(Transport::rootMessage);
    }

    private @Nullable Throwable unavailability() {
        return switch (this) {
            case EPOLL -> Epoll.unavailabilityCause();
            case IO_URING -> IoUring.unavailabilityCause();
            case NIO -> null;
        };
    }

    private static String rootMessage(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    /// Whether another OS thread may go on with a loop that waits so. Not with io_uring: the kernel knows Netty's
    /// ring as one thread's (`IORING_REGISTER_RING_FDS`), and refuses it to others.
    boolean mayChangeThread() {
        return this != IO_URING;
    }

    /// A new, unbound server channel for that kind of address.
    public ServerChannel newServerChannel(SocketAddress local) {
        boolean unix = NettyTransport.isUnix(local);
        return switch (this) {
            case EPOLL -> unix ? new UnixServerChannel() : new EpollServerSocketChannel();
            case IO_URING -> unix ? new IoUringServerDomainSocketChannel() : new IoUringServerSocketChannel();
            case NIO -> unix ? new NioServerDomainSocketChannel() : new NioServerSocketChannel();
        };
    }

    /// Keeps what the kernel holds of unsent bytes short on all connections that a TCP server channel accepts: then
    /// what a client takes is seen when it takes it, and a slow one doesn't fill megabytes of the kernel's memory.
    /// Where the transport can't, nothing happens.
    public static void keepUnsentShort(ServerChannel channel) {
        if (channel instanceof EpollServerSocketChannel) {
            // Inherited from the listening socket: no system call for each connection.
            channel.config().setOption(NOTSENT_LOWAT, UNSENT_BYTES);
        }
    }

    /// Tells a channel that its protocol expects nothing more from the client than that it goes; it then needn't
    /// be waited for at once. A hint: a channel that has no use for it ignores it. Loop side.
    public static void inputIsComplete(Channel channel) {
        if (channel instanceof AcceptedUnixChannel accepted) {
            accepted.inputIsComplete();
        }
    }
}
