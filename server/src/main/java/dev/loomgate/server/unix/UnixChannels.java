package dev.loomgate.server.unix;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.Socket;

/// What the server makes of unix sockets, and tells them. Needs a loop that waits with epoll.
public final class UnixChannels {
    private UnixChannels() {}

    /// A new, unbound server channel, whose connections are cheap where they are short.
    public static ServerChannel newServerChannel() {
        return new UnixServerChannel();
    }

    /// A server channel on a socket that listens already.
    ///
    /// @param descriptor of the socket, which does not block; the channel's from now on
    public static ServerChannel serverChannel(int descriptor) {
        Socket socket = new Socket(descriptor);
        return new UnixServerChannel(socket, socket.localDomainSocketAddress());
    }

    /// The descriptor of a listening socket, which does not block.
    ///
    /// @param server made by [#newServerChannel]
    public static int descriptor(Channel server) {
        return ((UnixServerChannel) server).fd().intValue();
    }

    /// Ends a listening socket, even if other processes have it as well: nobody can connect any more.
    ///
    /// @param server made by [#newServerChannel]
    public static void shutdown(Channel server) {
        ((UnixServerChannel) server).shutdown();
    }

    /// A connection of a listening socket that somebody else has accepted; not registered yet.
    ///
    /// @param server made by [#newServerChannel]
    /// @param descriptor of the connection; the channel's from now on
    /// @param read the bytes that have been read from it: they are passed on first
    public static Channel acceptedElsewhere(Channel server, int descriptor, byte[] read) {
        ReceivedSocket.makeFit(descriptor);
        return new AcceptedUnixChannel((UnixServerChannel) server, descriptor, read);
    }

    /// Tells a channel how many more bytes its protocol expects, so that it reads them with few reads. A hint:
    /// a channel that has no use for it ignores it. Loop side.
    public static void expects(Channel channel, long bytes) {
        if (channel instanceof AcceptedUnixChannel accepted) {
            accepted.expects(bytes);
        }
    }

    /// Tells a channel that its protocol expects nothing more from the client than that it disconnects, so that
    /// needn't be waited for at once. A hint: a channel that has no use for it ignores it. Loop side.
    public static void inputIsComplete(Channel channel) {
        if (channel instanceof AcceptedUnixChannel accepted) {
            accepted.inputIsComplete();
        }
    }
}
