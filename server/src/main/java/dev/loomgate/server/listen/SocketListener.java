package dev.loomgate.server.listen;

import dev.loomgate.loop.Loop;
import dev.loomgate.loop.settings.Transport;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.SocketOptions;
import dev.loomgate.server.bind.SocketOwner;
import dev.loomgate.server.connection.ConnectionFactory;
import dev.loomgate.server.connection.ServerLoop;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A server channel: accepts connections, and hands them to the loops, round-robin.
///
/// There is one socket for all loops, also for TCP: with a socket for each (`SO_REUSEPORT`) the kernel would go on
/// filling the queue of a loop that is full, and a second server on the same port would start without an error.
///
/// While no loop has room for a connection, it accepts none; the kernel's queue holds the rest. It also rests for
/// a second when the system has no more file descriptors.
public final class SocketListener extends ChannelInboundHandlerAdapter implements Listener {
    private static final Logger LOG = System.getLogger("dev.loomgate.server");
    private static final Duration REST = Duration.ofSeconds(1);

    // Null for a socket that was open already.
    private final @Nullable BoundPlace place;
    private final ListenAddress address;
    private final Loop loop;
    private final ServerChannel channel;
    private final SocketOptions options;

    /// Set before the first connection is accepted.
    private List<ConnectionFactory> factories = List.of();

    // Loop side of `loop` only.
    private int turn;
    private boolean resting;
    private boolean left;
    private boolean full;

    private volatile boolean shared;
    private volatile boolean open;
    private volatile boolean suspended;
    private volatile boolean closed;
    private volatile boolean paused;
    private final AtomicLong arrivals = new AtomicLong();

    private SocketListener(
            @Nullable BoundPlace place,
            ListenAddress address,
            Loop loop,
            ServerChannel channel,
            SocketOptions options) {
        this.place = place;
        shared = place == null;
        this.address = address;
        this.loop = loop;
        this.channel = channel;
        this.options = options;
    }

    /// Binds a server channel, which accepts nothing yet, or takes a socket that is open already: [#serve] and
    /// [#accept] follow. Blocks.
    ///
    /// @param loop whose I/O accepts
    /// @param options the server's
    /// @throws IOException if that fails; the message is a line for the operator
    public static SocketListener bind(ListenAddress wanted, Loop loop, Transport transport, ServerOptions options)
            throws IOException {
        if (wanted.place() instanceof Place.Inherited open) {
            return adopt(wanted, open, loop, transport, options);
        }
        SocketOptions sockets = options.sockets();
        BoundPlace place = BoundPlace.prepare(
                wanted.place(), transport, options.socketMode(), SocketOwner.find(sockets.socketOwner()));
        ServerChannel channel = ServerChannels.create(transport, wanted.place(), place.socketAddress());
        channel.config().setOption(ChannelOption.SO_BACKLOG, options.backlog());
        channel.config().setAutoRead(false);
        try {
            register(channel, loop).syncUninterruptibly();
            ServerChannels.keepUnsentShort(channel);
            if (wanted.place() instanceof Place.Tcp) {
                ServerChannels.configure(channel, transport, sockets);
            }
            place.bind(channel);
        } catch (IOException | RuntimeException e) {
            channel.close().awaitUninterruptibly();
            throw e;
        }
        ListenAddress actual = new ListenAddress(wanted.protocol(), place.actual(channel));
        return listener(new SocketListener(place, actual, loop, channel, sockets));
    }

    private static SocketListener adopt(
            ListenAddress wanted, Place.Inherited open, Loop loop, Transport transport, ServerOptions options)
            throws IOException {
        if (transport != Transport.EPOLL) {
            throw new IOException("%s: the transport %s can't take a socket that is open already, epoll can"
                    .formatted(open, transport.name().toLowerCase(Locale.ROOT)));
        }
        OpenSocket socket = OpenSocket.of(open.descriptor());
        socket.prepare(options.backlog());
        Place known = open.known();
        ListenAddress actual = new ListenAddress(wanted.protocol(), known == null ? socket.place() : known);
        ServerChannel channel = ServerChannels.on(socket, open.descriptor());
        channel.config().setAutoRead(false);
        register(channel, loop).syncUninterruptibly();
        return listener(new SocketListener(null, actual, loop, channel, options.sockets()));
    }

    private static SocketListener listener(SocketListener made) {
        made.channel.pipeline().addLast(made);
        return made;
    }

    /// Says what speaks the protocol. Before [#accept], once.
    ///
    /// @param perLoop one for each loop that takes connections
    public void serve(List<? extends ConnectionFactory> perLoop) {
        factories = List.copyOf(perLoop);
    }

    /// Whether the socket belongs to others as well, who may have opened it: it must not be ended.
    public boolean isShared() {
        return shared;
    }

    @Override
    public void share() {
        shared = true;
    }

    @Override
    public OptionalInt openSocket() {
        return channel instanceof UnixChannel unix ? OptionalInt.of(unix.fd().intValue()) : OptionalInt.empty();
    }

    @Override
    public ListenAddress address() {
        return address;
    }

    @Override
    public void accept() {
        open = true;
        loop.side().execute(this::update);
    }

    @Override
    public void roomAgain() {
        if (paused) {
            loop.side().execute(this::update);
        }
    }

    @Override
    public void suspend(boolean wanted) {
        suspended = wanted;
        loop.side().execute(this::update);
    }

    /// What others accept is to have the same options as what it accepts itself. Blocks for a moment.
    public void haveAcceptedInherit() {
        if (address.place() instanceof Place.Tcp) {
            ServerChannels.configureInherited(channel, options);
        }
    }

    /// Where connections come from: a channel of the transport's, listening.
    public ServerChannel channel() {
        return channel;
    }

    /// The loop that accepts.
    public Loop loop() {
        return loop;
    }

    /// Leaves the connections in the kernel's queue to others, or accepts them itself, as it does at first.
    /// On the loop side of [#loop].
    public void leaveToOthers(boolean toOthers) {
        left = toOthers;
        update();
    }

    /// Takes a connection that others have accepted, as if this listener had. Any thread.
    ///
    /// @param child not registered yet; it is closed if it can't be taken any more
    /// @param opening puts what speaks the protocol into its pipeline, on that loop
    /// @param failed called if it can't be taken, or can't be opened
    public void take(Channel child, Consumer<ServerLoop> opening, Runnable failed) {
        if (closed) {
            child.unsafe().closeForcibly();
            failed.run();
            return;
        }
        try {
            loop.side().execute(() -> takeNow(child, opening, failed));
        } catch (RejectedExecutionException e) {
            child.unsafe().closeForcibly();
            failed.run();
        }
    }

    private void takeNow(Channel child, Consumer<ServerLoop> opening, Runnable failed) {
        if (closed) {
            child.unsafe().closeForcibly();
            failed.run();
            return;
        }
        ServerLoop itsLoop = reservedFactory().serverLoop();
        try {
            opening.accept(itsLoop);
        } catch (RuntimeException e) {
            child.unsafe().closeForcibly();
            itsLoop.release();
            failed.run();
            throw e;
        }
        enter(child, itsLoop, failed);
    }

    private boolean hasRoom() {
        for (ConnectionFactory factory : factories) {
            if (factory.serverLoop().hasRoom()) {
                return true;
            }
        }
        return false;
    }

    private void update() {
        // Who makes room looks at `paused` after that, so it is set before the look at the room.
        paused = true;
        boolean wants = open && !suspended && !left && !resting;
        boolean accepts = wants && hasRoom();
        if (wants && !accepts && !full) {
            ServerLoop one = factories.getFirst().serverLoop();
            one.bitten(one.fullBy());
        }
        full = wants && !accepts;
        paused = !accepts;
        channel.config().setAutoRead(accepts);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Channel child = (Channel) message;
        ConnectionFactory factory = reservedFactory();
        factory.open(child);
        enter(child, factory.serverLoop(), SocketListener::nothing);
    }

    private static void nothing() {}

    /// The factory of a loop, where a place is reserved for one more connection.
    private ConnectionFactory reservedFactory() {
        arrivals.setOpaque(arrivals.getPlain() + 1);
        ConnectionFactory factory = freeFactory();
        if (factory == null) {
            // Accepted in the same go as the last one that found room: one more than the limit, on the next loop.
            factory = factories.get(turn++ % factories.size());
            factory.serverLoop().reserveBeyondLimit();
        }
        return factory;
    }

    private void enter(Channel child, ServerLoop itsLoop, Runnable failed) {
        child.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        if (address.place() instanceof Place.Tcp) {
            ServerChannels.configureAccepted(child, options);
        }
        register(child, itsLoop.loop()).addListener(registered -> {
            if (!registered.isSuccess()) {
                child.unsafe().closeForcibly();
                itsLoop.release();
                failed.run();
            }
        });
        if (!hasRoom()) {
            update();
        }
    }

    private static ChannelFuture register(Channel channel, Loop loop) {
        EventLoop io = loop.side().io();
        return io.register(channel);
    }

    private @Nullable ConnectionFactory freeFactory() {
        int count = factories.size();
        for (int i = 0; i < count; i++) {
            turn = turn + 1 < count ? turn + 1 : 0;
            ConnectionFactory factory = factories.get(turn);
            if (factory.serverLoop().reserve()) {
                return factory;
            }
        }
        return null;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // First of all: without file descriptors, even logging may fail.
        if (!resting) {
            resting = true;
            update();
            loop.callLater(REST, () -> loop.side().execute(() -> {
                resting = false;
                update();
            }));
        }
        LOG.log(
                Level.WARNING,
                "{0}: accepting failed, retrying in {1} s (is the number of open files too low? ulimit -n): {2}",
                address,
                REST.toSeconds(),
                cause.getMessage());
    }

    // ---- the end

    /// A socket that others have as well stays as it is: what comes from now on waits in its queue
    /// for who takes it next.
    @Override
    public void hide() {
        if (shared || place == null) {
            open = false;
            loop.side().execute(this::update);
            return;
        }
        place.unlink();
        if (address.place() instanceof Place.Tcp) {
            if (!SynFilter.attach(channel)) {
                LOG.log(Level.DEBUG, "{0}: the transport can''t keep new connections off", address);
            }
        } else if (channel instanceof UnixChannel unix && unix.fd() instanceof Socket socket) {
            closeBacklog(socket);
        }
        loop.side().execute(this::update);
    }

    // From now on connecting fails, instead of succeeding and then being reset.
    private static void closeBacklog(Socket socket) {
        try {
            socket.listen(0);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the backlog can't be closed", e);
        }
    }

    @Override
    public long arrivals() {
        return arrivals.getOpaque();
    }

    /// With the transport `nio` it can't be told: it hides the descriptor.
    @Override
    public OptionalInt queued() {
        if (!(channel instanceof UnixChannel unix)) {
            return OptionalInt.empty();
        }
        int descriptor = unix.fd().intValue();
        try {
            return OptionalInt.of(
                    address.place() instanceof Place.Tcp tcp
                            ? TcpQueue.length(descriptor, tcp.port())
                            : new KernelQueue(descriptor).length());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, () -> address + ": the kernel's queue can't be looked at", e);
            return OptionalInt.empty();
        }
    }

    /// Completes when its loop has handled I/O once more: a loop that had no CPU for a while may not have looked at the
    /// kernel's queue.
    @Override
    public CompletableFuture<Void> nextLook() {
        CompletableFuture<Void> looked = new CompletableFuture<>();
        // The first one reaches the loop side; there the second one runs before a turn's I/O, and Netty's task after
        // it.
        loop.side().execute(() -> loop.side().execute(() -> loop.side().io().execute(() -> looked.complete(null))));
        return looked;
    }

    @Override
    public boolean isPaused() {
        return paused && open;
    }

    @Override
    public void close() {
        open = false;
        closed = true;
        if (place != null && !shared) {
            place.unlink();
        }
        channel.close().awaitUninterruptibly();
    }
}
