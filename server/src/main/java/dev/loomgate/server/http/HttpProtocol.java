package dev.loomgate.server.http;

import dev.loomgate.server.exchange.Connection;
import dev.loomgate.server.exchange.Dispatcher;
import dev.loomgate.server.exchange.Protocol;
import io.netty.channel.Channel;

/// HTTP/1.1 and HTTP/1.0.
public final class HttpProtocol implements Protocol {
    private final Dispatcher dispatcher;
    private final HeadScratch scratch = new HeadScratch();

    public HttpProtocol(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    @Override
    public Dispatcher dispatcher() {
        return dispatcher;
    }

    @Override
    public Connection connection(Channel channel) {
        return new HttpConnection(dispatcher, channel, scratch);
    }
}
