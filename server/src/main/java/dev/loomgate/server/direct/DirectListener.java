package dev.loomgate.server.direct;

import dev.loomgate.gateway.direct.AnswerDetails;
import dev.loomgate.gateway.direct.BegunRequest;
import dev.loomgate.gateway.direct.DirectApplication;
import dev.loomgate.gateway.direct.SharedSocket;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.connection.DirectConnectionFactory;
import dev.loomgate.server.connection.ServerLoop;
import dev.loomgate.server.exchange.ObservedRequest;
import dev.loomgate.server.listen.KernelQueue;
import dev.loomgate.server.listen.Listener;
import dev.loomgate.server.listen.SocketListener;
import io.netty.channel.Channel;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A listening socket whose connections the application's processes take, as long as some do.
///
/// ```
///                      +--> processes --- answered, lost -----------------> access log
///  kernel's queue -----+        +-------- handOver(bytes, begun?) ---+
///                      +--> SocketListener, while AcceptRule says so +----> connection, exchange, as ever
/// ```
public final class DirectListener implements Listener, SharedSocket {
    private static final Logger LOG = System.getLogger("dev.loomgate.server");

    private static final int BAD_GATEWAY = 502;

    private final SocketListener socket;
    private final Map<ServerLoop, DirectConnectionFactory> factories;
    private final List<DirectConnectionFactory> turns;
    private final DirectApplication application;
    private final int descriptor;
    private final AtomicInteger turn = new AtomicInteger();

    // Loop side of the listening loop.
    private final AcceptRule rule;
    private final QueueWatch watch;
    private boolean toldFull;

    private volatile boolean full;
    private volatile boolean suspended;
    private volatile Takers takers = Takers.NONE;
    private volatile boolean opened;

    private DirectListener(
            SocketListener socket,
            List<? extends DirectConnectionFactory> factories,
            DirectApplication application,
            int backlog) {
        this.socket = socket;
        this.turns = List.copyOf(factories);
        this.factories =
                turns.stream().collect(Collectors.toMap(DirectConnectionFactory::serverLoop, Function.identity()));
        this.application = application;
        this.descriptor = SharedChannels.descriptor(socket.channel());
        this.rule = new AcceptRule(KernelQueue.backlog(backlog));
        this.watch = new QueueWatch(socket.loop(), length(socket), rule::dependsOnQueue, this::queueIsLong);
    }

    private QueueWatch.Length length(SocketListener of) {
        if (of.address().place() instanceof ListenAddress.Place.Tcp) {
            return () -> of.queued().orElseThrow(() -> new IOException(of.address() + " doesn't tell"));
        }
        return new KernelQueue(descriptor)::length;
    }

    /// Over a socket that is bound on epoll, and accepts nothing yet.
    ///
    /// @param factories one for each loop that takes connections
    /// @param application whose processes take the connections, when it has been given this socket
    /// @param backlog connections that the kernel keeps
    public static DirectListener over(
            SocketListener socket,
            List<? extends DirectConnectionFactory> factories,
            DirectApplication application,
            int backlog) {
        socket.serve(factories);
        socket.haveAcceptedInherit();
        return new DirectListener(socket, factories, application, backlog);
    }

    // ---- what the processes take

    @Override
    public int descriptor() {
        return descriptor;
    }

    @Override
    public boolean speaksHttp() {
        return address().protocol() == ListenAddress.Protocol.HTTP;
    }

    @Override
    public void takenBy(Takers now) {
        if (speaksHttp()) {
            countConnections();
        }
        if (takers != now) {
            takers = now;
            onLoop(this::takersHaveChanged);
        }
    }

    // Over the limit is what the processes have taken since they were looked at last.
    private void countConnections() {
        int each = Math.ceilDiv(application.directConnections(), turns.size());
        turns.forEach(factory -> factory.serverLoop().connectionsElsewhere(each));
        socket.roomAgain();
        onLoop(this::lookForRoom);
    }

    // Two calls may come here in another order than they have set the field.
    private void takersHaveChanged() {
        rule.takenBy(takers);
        update();
        watch.begin();
    }

    private void queueIsLong(int connections) {
        rule.queued(connections);
        update();
    }

    private void update() {
        socket.leaveToOthers(!rule.accepts());
    }

    private void onLoop(Runnable task) {
        try {
            socket.loop().side().execute(task);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "the loop has ended", e);
        }
    }

    @Override
    public void handOver(int connection, byte[] read, @Nullable BegunRequest begun) {
        Channel channel = SharedChannels.acceptedElsewhere(socket.channel(), connection, read);
        if (!channel.isActive()) {
            // It would stay as it is: nothing more is told of an error that has been looked at.
            channel.unsafe().closeForcibly();
            if (begun != null) {
                begun.unwanted();
            }
            return;
        }
        if (begun == null && read.length == 0) {
            socket.take(channel, loop -> opening(loop).openKept(channel), () -> {});
        } else if (begun == null) {
            socket.take(channel, loop -> opening(loop).open(channel), () -> {});
        } else {
            socket.take(channel, loop -> opening(loop).open(channel, begun), begun::unwanted);
        }
    }

    private DirectConnectionFactory opening(ServerLoop loop) {
        lookForRoom();
        return factory(loop);
    }

    // What has been taken can't be refused any more: it counts beyond the limit, and is the last for now.
    private void lookForRoom() {
        // Who makes room looks at `full` after that, so it is set before the look at the room.
        full = true;
        boolean now = suspended
                || turns.stream().noneMatch(factory -> factory.serverLoop().hasRoom());
        full = now;
        if (now != toldFull) {
            toldFull = now;
            application.serverHasRoom(!now);
        }
    }

    private DirectConnectionFactory factory(ServerLoop loop) {
        DirectConnectionFactory factory = factories.get(loop);
        if (factory == null) {
            throw new IllegalStateException("a loop without a factory");
        }
        return factory;
    }

    @Override
    public void answered(byte[] packet, int status, long contentBytes, long nanos, @Nullable AnswerDetails details) {
        DirectConnectionFactory factory = nextFactory();
        factory.serverLoop().answeredElsewhere(() -> observed(factory, packet), status, contentBytes, nanos, details);
    }

    @Override
    public void lost(byte[] packet, long nanos) {
        DirectConnectionFactory factory = nextFactory();
        factory.serverLoop().answeredElsewhere(() -> factory.lost(packet), BAD_GATEWAY, 0, nanos, null);
    }

    private DirectConnectionFactory nextFactory() {
        return turns.get(Math.floorMod(turn.getAndIncrement(), turns.size()));
    }

    private @Nullable ObservedRequest observed(DirectConnectionFactory factory, byte[] packet) {
        ObservedRequest request = factory.answered(packet);
        if (request == null) {
            LOG.log(
                    Level.WARNING,
                    "{0}: a worker has answered a request that is to be refused; it isn''t in the access log",
                    address());
        }
        return request;
    }

    // ---- a listener's life

    @Override
    public ListenAddress address() {
        return socket.address();
    }

    @Override
    public void share() {
        socket.share();
    }

    @Override
    public OptionalInt openSocket() {
        return socket.openSocket();
    }

    @Override
    public void accept() {
        opened = true;
        socket.accept();
    }

    @Override
    public void roomAgain() {
        socket.roomAgain();
        if (full) {
            onLoop(this::lookForRoom);
        }
    }

    /// The processes take none either.
    @Override
    public void suspend(boolean wanted) {
        suspended = wanted;
        socket.suspend(wanted);
        onLoop(this::lookForRoom);
    }

    /// From now on the server alone accepts: what waits in the kernel's queue, and what the processes hand over.
    @Override
    public void hide() {
        socket.hide();
        if (opened) {
            application.stopDirect();
        }
        onLoop(() -> {
            rule.stop();
            update();
        });
    }

    /// Those that the processes have taken from all sockets count, too. What they hand over counts once more when it
    /// comes: a stop waits until no more of it does.
    @Override
    public long arrivals() {
        return socket.arrivals() + application.directAccepted();
    }

    @Override
    public OptionalInt queued() {
        return socket.queued();
    }

    @Override
    public boolean isPaused() {
        return socket.isPaused();
    }

    @Override
    public boolean hasRequestsElsewhere() {
        return opened && application.directRequests() > 0;
    }

    @Override
    public CompletableFuture<Void> nextLook() {
        return socket.nextLook();
    }

    /// The socket ends with that, although the processes still have it; except for one that was open before.
    @Override
    public void close() {
        if (!socket.isShared()) {
            SharedChannels.shutdown(socket.channel());
        }
        socket.close();
    }
}
