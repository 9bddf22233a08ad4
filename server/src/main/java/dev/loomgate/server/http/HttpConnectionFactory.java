package dev.loomgate.server.http;

import dev.loomgate.gateway.direct.BegunRequest;
import dev.loomgate.server.Limits;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.connection.DirectConnectionFactory;
import dev.loomgate.server.connection.ServerLoop;
import dev.loomgate.server.exchange.ObservedRequest;
import dev.loomgate.server.exchange.Scheme;
import dev.loomgate.server.head.HeadWriter;
import io.netty.channel.Channel;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// HTTP/1.1 and HTTP/1.0.
public final class HttpConnectionFactory implements DirectConnectionFactory {
    private static final byte[] NONE = {};

    private final ServerLoop serverLoop;
    private final Scheme scheme;
    private final Limits limits;
    private final HeadScratch scratch = new HeadScratch();

    private final byte[] altSvc;
    private final @Nullable Http2Entry http2;

    private HttpConnectionFactory(ServerLoop serverLoop, Scheme scheme, byte[] altSvc, @Nullable Http2Entry http2) {
        this.serverLoop = serverLoop;
        this.scheme = scheme;
        this.altSvc = altSvc;
        this.http2 = http2;
        this.limits = serverLoop.options().limits(ListenAddress.Protocol.HTTP);
    }

    /// Those of a listener without TLS.
    public static List<HttpConnectionFactory> onEach(List<ServerLoop> loops) {
        return loops.stream()
                .map(loop -> new HttpConnectionFactory(loop, Scheme.HTTP, NONE, null))
                .toList();
    }

    /// Those of a listener with TLS before them.
    ///
    /// @param altSvc the field `Alt-Svc` of their responses; empty for none
    public static List<HttpConnectionFactory> behindTls(List<ServerLoop> loops, String altSvc) {
        byte[] line = altSvc.isEmpty() ? NONE : HeadWriter.ascii("Alt-Svc: " + altSvc + "\r\n");
        return loops.stream()
                .map(loop -> new HttpConnectionFactory(loop, Scheme.HTTPS, line, null))
                .toList();
    }

    /// Those of a listener without TLS on which HTTP/2 may be spoken as well.
    ///
    /// @param http2 of one loop
    public static List<HttpConnectionFactory> onEach(List<ServerLoop> loops, Function<ServerLoop, Http2Entry> http2) {
        return loops.stream()
                .map(loop -> new HttpConnectionFactory(loop, Scheme.HTTP, NONE, http2.apply(loop)))
                .toList();
    }

    @Override
    public ServerLoop serverLoop() {
        return serverLoop;
    }

    @Override
    public void open(Channel channel) {
        add(channel, connection(channel, null));
    }

    @Override
    public void openKept(Channel channel) {
        HttpConnection connection = connection(channel, null);
        connection.endsWithNextResponse();
        add(channel, connection);
    }

    @Override
    public void open(Channel channel, BegunRequest begun) {
        add(channel, connection(channel, begun));
    }

    private static void add(Channel channel, HttpConnection connection) {
        channel.pipeline().addLast(connection);
    }

    private HttpConnection connection(Channel channel, @Nullable BegunRequest begun) {
        return new HttpConnection(serverLoop, channel, scheme, limits, scratch, altSvc, http2, begun);
    }

    @Override
    public @Nullable ObservedRequest answered(byte[] told) {
        return ToldHead.of(told, scheme, limits, scratch);
    }

    @Override
    public @Nullable ObservedRequest lost(byte[] told) {
        return ToldHead.of(ToldHead.whole(told), scheme, limits, scratch);
    }
}
