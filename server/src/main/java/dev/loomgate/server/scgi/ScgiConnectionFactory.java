package dev.loomgate.server.scgi;

import dev.loomgate.server.ListenAddress.Protocol;
import dev.loomgate.server.bind.AllowedPeers;
import dev.loomgate.server.cgi.Refused.Language;
import dev.loomgate.server.connection.ServerLoop;
import dev.loomgate.server.packet.PacketConnection;
import dev.loomgate.server.packet.PacketConnectionFactory;
import io.netty.channel.Channel;
import java.util.List;

/// SCGI, one request per connection.
public final class ScgiConnectionFactory extends PacketConnectionFactory {
    private ScgiConnectionFactory(ServerLoop serverLoop, Shared shared) {
        super(serverLoop, Protocol.SCGI, shared);
    }

    /// Those of a listener.
    ///
    /// @param allowed who may connect over TCP
    public static List<ScgiConnectionFactory> onEach(List<ServerLoop> loops, AllowedPeers allowed) {
        Shared shared = Shared.with(allowed);
        return loops.stream()
                .map(loop -> new ScgiConnectionFactory(loop, shared))
                .toList();
    }

    @Override
    public void open(Channel channel) {
        channel.pipeline().addLast(new ScgiConnection(this, channel));
    }

    /// An SCGI connection: one request, its body, one response as CGI has it, and the end. Loop side only.
    private static final class ScgiConnection extends PacketConnection {
        ScgiConnection(ScgiConnectionFactory protocol, Channel channel) {
            super(protocol, channel, new ScgiDecoder(protocol.limits()), Language.CGI);
        }
    }
}
