package dev.loomgate.server.uwsgi;

import dev.loomgate.server.bind.AllowedPeers;
import dev.loomgate.server.bind.RefusedPeers;
import dev.loomgate.server.connection.ConnectionFactory;
import dev.loomgate.server.connection.ServerLoop;
import io.netty.channel.Channel;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// uwsgi, one request per connection.
public final class UwsgiConnectionFactory implements ConnectionFactory {
    private final ServerLoop serverLoop;
    private final AllowedPeers allowed;
    private final RefusedPeers refused;
    private final AtomicBoolean withoutMethod;

    /// @param allowed who may connect over TCP
    /// @param refused remembers, for all loops, who was refused
    /// @param withoutMethod remembers, for all loops, whether a packet without a method was told of
    private UwsgiConnectionFactory(
            ServerLoop serverLoop, AllowedPeers allowed, RefusedPeers refused, AtomicBoolean withoutMethod) {
        this.serverLoop = serverLoop;
        this.allowed = allowed;
        this.refused = refused;
        this.withoutMethod = withoutMethod;
    }

    /// Those of a listener.
    ///
    /// @param allowed who may connect over TCP
    public static List<UwsgiConnectionFactory> onEach(List<ServerLoop> loops, AllowedPeers allowed) {
        RefusedPeers refused = new RefusedPeers();
        AtomicBoolean withoutMethod = new AtomicBoolean();
        return loops.stream()
                .map(loop -> new UwsgiConnectionFactory(loop, allowed, refused, withoutMethod))
                .toList();
    }

    @Override
    public ServerLoop serverLoop() {
        return serverLoop;
    }

    @Override
    public void open(Channel channel) {
        channel.pipeline().addLast(new UwsgiConnection(this, channel));
    }

    AllowedPeers allowed() {
        return allowed;
    }

    RefusedPeers refused() {
        return refused;
    }

    /// Whether nobody has been told yet, on any loop, that a packet had no method.
    boolean isFirstWithoutMethod() {
        return !withoutMethod.get() && withoutMethod.compareAndSet(false, true);
    }
}
