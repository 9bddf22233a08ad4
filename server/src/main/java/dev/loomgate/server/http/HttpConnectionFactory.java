package dev.loomgate.server.http;

import dev.loomgate.server.Limits;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.connection.ConnectionFactory;
import dev.loomgate.server.connection.ServerLoop;
import dev.loomgate.server.exchange.Scheme;
import io.netty.channel.Channel;
import java.util.List;

/// HTTP/1.1 and HTTP/1.0.
public final class HttpConnectionFactory implements ConnectionFactory {
    private final ServerLoop serverLoop;
    private final Scheme scheme;
    private final Limits limits;
    private final HeadScratch scratch = new HeadScratch();

    private HttpConnectionFactory(ServerLoop serverLoop, Scheme scheme) {
        this.serverLoop = serverLoop;
        this.scheme = scheme;
        this.limits = serverLoop.options().limits(ListenAddress.Protocol.HTTP);
    }

    /// Those of a listener.
    ///
    /// @param scheme whether TLS comes before
    public static List<HttpConnectionFactory> onEach(List<ServerLoop> loops, Scheme scheme) {
        return loops.stream()
                .map(loop -> new HttpConnectionFactory(loop, scheme))
                .toList();
    }

    @Override
    public ServerLoop serverLoop() {
        return serverLoop;
    }

    @Override
    public void open(Channel channel) {
        channel.pipeline().addLast(new HttpConnection(serverLoop, channel, scheme, limits, scratch));
    }
}
