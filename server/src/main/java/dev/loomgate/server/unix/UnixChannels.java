package dev.loomgate.server.unix;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;

/// What the server makes of unix sockets, and tells them. Needs a loop that waits with epoll.
public final class UnixChannels {
    private UnixChannels() {}

    /// A new, unbound server channel, whose connections are cheap where they are short.
    public static ServerChannel newServerChannel() {
        return new UnixServerChannel();
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
