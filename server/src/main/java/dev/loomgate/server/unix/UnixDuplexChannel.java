package dev.loomgate.server.unix;

import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.SocketAddress;

/// The ends of an accepted unix connection: its addresses, its two directions, and how each is closed.
abstract class UnixDuplexChannel extends AbstractChannel implements DuplexChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);
    private static final DomainSocketAddress UNNAMED = new DomainSocketAddress("");

    // Not a Socket: the making of one asks the kernel for the socket's address, to know the protocol.
    final FileDescriptor socket;
    private boolean inputEnded;
    private boolean outputEnded;

    UnixDuplexChannel(UnixServerChannel parent, FileDescriptor socket) {
        super(parent);
        this.socket = socket;
    }

    /// The socket for what only a socket can do; shares the descriptor, and is never closed itself.
    final LinuxSocket asSocket() {
        return LinuxSocket.newSocket(socket.intValue());
    }

    /// Nothing more will be read.
    final void inputHasEnded() {
        inputEnded = true;
    }

    @Override
    protected void doBind(SocketAddress local) {
        throw new UnsupportedOperationException("an accepted connection");
    }

    @Override
    protected void doClose() throws IOException {
        inputEnded = true;
        outputEnded = true;
        socket.close();
    }

    @Override
    protected void doDisconnect() throws IOException {
        doClose();
    }

    @Override
    protected void doShutdownOutput() throws IOException {
        outputEnded = true;
        asSocket().shutdown(false, true);
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        ((AbstractUnsafe) unsafe()).shutdownOutput(promise);
        return promise;
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        try {
            asSocket().shutdown(true, false);
            inputEnded = true;
            return promise.setSuccess();
        } catch (IOException e) {
            return promise.setFailure(e);
        }
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        shutdownInput();
        return shutdownOutput(promise);
    }

    @Override
    public boolean isInputShutdown() {
        return inputEnded;
    }

    @Override
    public boolean isOutputShutdown() {
        return outputEnded;
    }

    @Override
    public boolean isShutdown() {
        return inputEnded && outputEnded;
    }

    @Override
    protected SocketAddress localAddress0() {
        return parent().localAddress();
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return UNNAMED;
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public boolean isActive() {
        return socket.isOpen();
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }
}
