package dev.loomgate.server.proxy;

import dev.loomgate.server.ListenAddress.Protocol;
import dev.loomgate.server.bind.Networks;
import dev.loomgate.server.connection.ConnectionFactory;
import dev.loomgate.server.connection.ServerLoop;
import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.util.List;

/// A protocol whose connections from some peers begin with a header of the PROXY protocol.
public final class ProxyConnectionFactory implements ConnectionFactory {
    private final ConnectionFactory behind;
    private final Protocol protocol;
    private final Networks from;

    private ProxyConnectionFactory(ConnectionFactory behind, Protocol protocol, Networks from) {
        this.behind = behind;
        this.protocol = protocol;
        this.from = from;
    }

    /// Those of a listener.
    ///
    /// @param behind what is spoken behind the header, and by other peers at once
    /// @param from who must send one
    public static List<? extends ConnectionFactory> before(
            List<? extends ConnectionFactory> behind, Protocol protocol, Networks from) {
        return from.isEmpty()
                ? behind
                : behind.stream()
                        .map(each -> new ProxyConnectionFactory(each, protocol, from))
                        .toList();
    }

    @Override
    public ServerLoop serverLoop() {
        return behind.serverLoop();
    }

    @Override
    public void open(Channel channel) {
        SocketAddress peer = channel.remoteAddress();
        if (from.contains(peer)) {
            channel.pipeline()
                    .addLast(new ProxyHandshake(
                            behind, channel, serverLoop().options().limits(protocol)));
        } else {
            behind.open(channel);
        }
    }
}
