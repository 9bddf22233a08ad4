package dev.loomgate.server.uwsgi;

import dev.loomgate.gateway.direct.BegunRequest;
import dev.loomgate.server.ListenAddress.Protocol;
import dev.loomgate.server.bind.AllowedPeers;
import dev.loomgate.server.connection.DirectConnectionFactory;
import dev.loomgate.server.connection.ServerLoop;
import dev.loomgate.server.exchange.ObservedRequest;
import dev.loomgate.server.packet.PacketConnectionFactory;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// uwsgi, one request per connection.
public final class UwsgiConnectionFactory extends PacketConnectionFactory implements DirectConnectionFactory {
    private UwsgiConnectionFactory(ServerLoop serverLoop, Shared shared) {
        super(serverLoop, Protocol.UWSGI, shared);
    }

    /// Those of a listener.
    ///
    /// @param allowed who may connect over TCP
    public static List<UwsgiConnectionFactory> onEach(List<ServerLoop> loops, AllowedPeers allowed) {
        Shared shared = Shared.with(allowed);
        return loops.stream()
                .map(loop -> new UwsgiConnectionFactory(loop, shared))
                .toList();
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
        UwsgiDecoder decoder = new UwsgiDecoder(limits());
        return decoder.decode(Unpooled.wrappedBuffer(packet)) instanceof UwsgiRequest request ? request : null;
    }
}
