package dev.loomgate.server.http;

import dev.loomgate.server.connection.Connection;
import dev.loomgate.server.connection.ConnectionFactory;
import dev.loomgate.server.connection.ServerLoop;
import dev.loomgate.server.exchange.Scheme;
import io.netty.channel.Channel;

/// HTTP/1.1 and HTTP/1.0.
public final class HttpConnectionFactory implements ConnectionFactory {
    private final ServerLoop serverLoop;
    private final HeadScratch scratch = new HeadScratch();

    public HttpConnectionFactory(ServerLoop serverLoop) {
        this.serverLoop = serverLoop;
    }

    @Override
    public ServerLoop serverLoop() {
        return serverLoop;
    }

    @Override
    public Connection connection(Channel channel) {
        return new HttpConnection(serverLoop, channel, Scheme.HTTP, scratch);
    }
}
