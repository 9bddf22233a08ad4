package dev.loomgate.loop.io;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.ThreadAwareExecutor;

/// An epoll handler in which channels stay registered with the kernel for as long as they are with the handler.
///
/// Netty 4.2.18, and 4.2.20, takes a channel that asks for no event out of the kernel's set, and doesn't enter it again
/// when it asks for one: `epoll_ctl` then fails with ENOENT. A client that has ended its side of a TCP connection comes
/// to that: its channel has nothing more to read, and asks to write only when the socket is full. So instead of no
/// events a channel here asks for none, edge-triggered: what the kernel reports unasked, an error or a hang-up, comes
/// once.
record KeptInEpoll(IoHandlerFactory netty) implements IoHandlerFactory {
    @Override
    public IoHandler newHandler(ThreadAwareExecutor executor) {
        return new Handler(netty.newHandler(executor));
    }

    @Override
    public boolean isChangingThreadSupported() {
        return netty.isChangingThreadSupported();
    }

    private static final class Handler extends ForwardingIoHandler {
        Handler(IoHandler netty) {
            super(netty);
        }

        @Override
        public IoRegistration register(IoHandle handle) throws Exception {
            return new Registration(super.register(handle));
        }
    }

    private record Registration(IoRegistration netty) implements IoRegistration {
        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's
        public <T> T attachment() {
            return netty.attachment();
        }

        @Override
        public long submit(IoOps ops) {
            return netty.submit(EpollIoOps.NONE.equals(ops) ? EpollIoOps.EPOLLET : ops);
        }

        @Override
        public boolean isValid() {
            return netty.isValid();
        }

        @Override
        public boolean cancel() {
            return netty.cancel();
        }
    }
}
