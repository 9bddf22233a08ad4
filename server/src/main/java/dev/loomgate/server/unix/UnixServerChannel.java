package dev.loomgate.server.unix;

import io.netty.channel.AbstractServerChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A listening unix socket on epoll, whose connections are [AcceptedUnixChannel]s. Loop side only, as every
/// channel.
final class UnixServerChannel extends AbstractServerChannel implements UnixChannel {
    private static final Logger LOG = System.getLogger("dev.loomgate.server");
    private static final int MAX_ACCEPTS_AT_ONCE = 64;
    private static final int NO_CONNECTION = -1;
    private static final int MAX_ADDRESS_BYTES = 128;
    private static final int DEFAULT_BACKLOG = 4096;

    private final Socket socket;
    private final Config config = new Config();
    private final byte[] peer = new byte[MAX_ADDRESS_BYTES];
    private @Nullable DomainSocketAddress local;
    private @Nullable IoRegistration registration;
    private EpollIoOps listeningFor = EpollIoOps.NONE;

    UnixServerChannel() {
        socket = Socket.newSocketDomain();
    }

    /// @param listening a socket that does so already, under that address
    UnixServerChannel(Socket listening, DomainSocketAddress address) {
        socket = listening;
        local = address;
    }

    /// The settings: Netty's common ones and the backlog.
    private final class Config extends DefaultChannelConfig {
        private int backlog = DEFAULT_BACKLOG;

        Config() {
            super(UnixServerChannel.this);
        }

        @Override
        public Map<ChannelOption<?>, Object> getOptions() {
            return getOptions(super.getOptions(), ChannelOption.SO_BACKLOG);
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T> T getOption(ChannelOption<T> option) {
            return ChannelOption.SO_BACKLOG.equals(option) ? (T) Integer.valueOf(backlog) : super.getOption(option);
        }

        @Override
        public <T> boolean setOption(ChannelOption<T> option, T value) {
            if (!ChannelOption.SO_BACKLOG.equals(option)) {
                return super.setOption(option, value);
            }
            backlog = (Integer) value;
            return true;
        }

        @Override
        protected void autoReadCleared() {
            listenFor(EpollIoOps.EPOLLERR);
        }
    }

    private final class Handle implements EpollIoHandle {
        @Override
        public FileDescriptor fd() {
            return socket;
        }

        @Override
        public void handle(IoRegistration itsRegistration, IoEvent event) {
            accept();
        }

        @Override
        public void close() {
            unsafe().close(voidPromise());
        }
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof IoEventLoop io && io.isCompatible(Handle.class);
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        ((IoEventLoop) eventLoop()).register(new Handle()).addListener(done -> {
            if (done.isSuccess()) {
                registration = (IoRegistration) done.getNow();
                promise.setSuccess();
            } else {
                promise.setFailure(done.cause());
            }
        });
    }

    @Override
    protected void doDeregister() {
        if (registration != null) {
            registration.cancel();
        }
    }

    @Override
    protected void doBind(SocketAddress address) throws IOException {
        socket.bind(address);
        socket.listen(config.backlog);
        local = (DomainSocketAddress) address;
    }

    @Override
    protected void doClose() throws IOException {
        socket.close();
    }

    /// See [UnixChannels#shutdown]. Any thread.
    void shutdown() {
        try {
            socket.shutdown();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the listening socket can't be shut down", e);
        }
    }

    @Override
    protected void doBeginRead() {
        listenFor(EpollIoOps.EPOLLIN);
    }

    private void listenFor(EpollIoOps events) {
        if (registration != null && registration.isValid() && !events.equals(listeningFor)) {
            listeningFor = events;
            registration.submit(events);
        }
    }

    private void accept() {
        IOException failure = null;
        try {
            for (int i = 0; i < MAX_ACCEPTS_AT_ONCE && isOpen(); i++) {
                int fd = socket.accept(peer);
                if (fd == NO_CONNECTION) {
                    break;
                }
                pipeline().fireChannelRead(new AcceptedUnixChannel(this, fd));
            }
        } catch (IOException e) {
            failure = e;
        }
        pipeline().fireChannelReadComplete();
        if (failure != null) {
            pipeline().fireExceptionCaught(failure);
        }
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return local;
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public boolean isActive() {
        return isOpen() && local != null;
    }
}
