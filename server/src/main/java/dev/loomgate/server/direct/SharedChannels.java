package dev.loomgate.server.direct;

import dev.loomgate.server.unix.ReceivedSocket;
import dev.loomgate.server.unix.UnixChannels;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// What the listening sockets of both kinds, unix and TCP, are asked for where processes have them as well. They are
/// those of a loop that waits with epoll.
final class SharedChannels {
    private static final Logger LOG = System.getLogger("dev.loomgate.server");

    private SharedChannels() {}

    /// The descriptor of a listening socket, which does not block.
    static int descriptor(ServerChannel listening) {
        return listening instanceof EpollServerSocketChannel tcp
                ? tcp.fd().intValue()
                : UnixChannels.descriptor(listening);
    }

    /// Ends a listening socket, even if other processes have it as well: nobody can connect any more.
    static void shutdown(ServerChannel listening) {
        if (!(listening instanceof EpollServerSocketChannel)) {
            UnixChannels.shutdown(listening);
            return;
        }
        try {
            new Socket(descriptor(listening)).shutdown();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the listening socket can't be shut down", e);
        }
    }

    /// A connection of a listening socket that somebody else has accepted; not registered yet. It isn't active if its
    /// client has reset it: then it is to be closed.
    ///
    /// @param descriptor of the connection; the channel's from now on
    /// @param read the bytes that have been read from it: they are passed on first
    static Channel acceptedElsewhere(ServerChannel listening, int descriptor, byte[] read) {
        if (!(listening instanceof EpollServerSocketChannel)) {
            return UnixChannels.acceptedElsewhere(listening, descriptor, read);
        }
        ReceivedSocket.makeFit(descriptor);
        Channel channel = new EpollSocketChannel(descriptor);
        if (read.length > 0) {
            channel.pipeline().addLast(new ReadBefore(read));
        }
        return channel;
    }

    /// Passes on what was read before, ahead of the first read. Loop side only.
    private static final class ReadBefore extends ChannelInboundHandlerAdapter {
        private final byte[] read;

        ReadBefore(byte[] read) {
            this.read = read;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.fireChannelActive();
            ByteBuf bytes = ctx.alloc().ioBuffer(read.length).writeBytes(read);
            ctx.fireChannelRead(bytes);
            ctx.fireChannelReadComplete();
            ctx.pipeline().remove(this);
        }
    }
}
