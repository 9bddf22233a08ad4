package dev.loomgate.server.fastcgi;

import dev.loomgate.server.ListenAddress.Protocol;
import dev.loomgate.server.bind.AllowedPeers;
import dev.loomgate.server.connection.ServerLoop;
import dev.loomgate.server.packet.PacketConnectionFactory;
import io.netty.channel.Channel;
import java.util.List;

/// FastCGI, several requests per connection.
public final class FastCgiConnectionFactory extends PacketConnectionFactory {
    private FastCgiConnectionFactory(ServerLoop serverLoop, Shared shared) {
        super(serverLoop, Protocol.FASTCGI, shared);
    }

    /// Those of a listener.
    ///
    /// @param allowed who may connect over TCP
    public static List<FastCgiConnectionFactory> onEach(List<ServerLoop> loops, AllowedPeers allowed) {
        Shared shared = Shared.with(allowed);
        return loops.stream()
                .map(loop -> new FastCgiConnectionFactory(loop, shared))
                .toList();
    }

    @Override
    public void open(Channel channel) {
        channel.pipeline().addLast(new FastCgiConnection(this, channel));
    }
}
