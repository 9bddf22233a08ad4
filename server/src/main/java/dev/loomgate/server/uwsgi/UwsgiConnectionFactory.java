package dev.loomgate.server.uwsgi;

import dev.loomgate.gateway.direct.BegunRequest;
import dev.loomgate.server.Limits;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.bind.AllowedPeers;
import dev.loomgate.server.bind.RefusedPeers;
import dev.loomgate.server.connection.DirectConnectionFactory;
import dev.loomgate.server.connection.ServerLoop;
import dev.loomgate.server.exchange.ObservedRequest;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// uwsgi, one request per connection.
public final class UwsgiConnectionFactory implements DirectConnectionFactory {
    private final ServerLoop serverLoop;
    private final Limits limits;
    private final AllowedPeers allowed;
    private final RefusedPeers refused;
    private final AtomicBoolean withoutMethod;

    /// @param allowed who may connect over TCP
    /// @param refused remembers, for all loops, who was refused
    /// @param withoutMethod remembers, for all loops, whether a packet without a method was told of
    private UwsgiConnectionFactory(
            ServerLoop serverLoop, AllowedPeers allowed, RefusedPeers refused, AtomicBoolean withoutMethod) {
        this.serverLoop = serverLoop;
        this.limits = serverLoop.options().limits(ListenAddress.Protocol.UWSGI);
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
        channel.pipeline().addLast(new UwsgiConnection(this, channel, null));
    }

    @Override
    public void open(Channel channel, BegunRequest begun) {
        channel.pipeline().addLast(new UwsgiConnection(this, channel, begun));
    }

    @Override
    public @Nullable ObservedRequest answered(byte[] packet) {
        UwsgiRequest request = request(packet);
        return request == null ? null : new AnsweredPacket(request);
    }

    // Without its method, the line would say that it was a GET.
    @Override
    public @Nullable ObservedRequest lost(byte[] packet) {
        UwsgiRequest request = request(CutPacket.whole(packet));
        return request == null || !request.hasMethod() ? null : new AnsweredPacket(request);
    }

    private @Nullable UwsgiRequest request(byte[] packet) {
        UwsgiDecoder decoder = new UwsgiDecoder(limits);
        return decoder.decode(Unpooled.wrappedBuffer(packet)) instanceof UwsgiRequest request ? request : null;
    }

    Limits limits() {
        return limits;
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
