package dev.loomgate.server.tls;

import dev.loomgate.server.Limits;
import dev.loomgate.server.connection.ConnectionFactory;
import dev.loomgate.server.connection.Handshake;
import dev.loomgate.server.connection.ServerLoop;
import dev.loomgate.server.head.HeadWriter;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// TLS's handshake: the protocol that the client has agreed to comes after it. Loop side only.
final class TlsHandshake extends Handshake {
    // nginx says the same.
    private static final byte[] PLAIN = HeadWriter.ascii("""
            HTTP/1.1 400 Bad Request\r
            Content-Type: text/plain\r
            Connection: close\r
            \r
            400 Bad Request: plain HTTP is sent to a port for HTTPS
            """);

    private final Map<String, ConnectionFactory> protocols;
    private final ConnectionFactory otherwise;

    /// @param protocols by their names in ALPN
    /// @param otherwise for a client that names none
    TlsHandshake(
            ServerLoop serverLoop,
            Channel channel,
            Limits limits,
            Map<String, ConnectionFactory> protocols,
            ConnectionFactory otherwise) {
        super(serverLoop, channel, limits);
        this.protocols = protocols;
        this.otherwise = otherwise;
    }

    @Override
    protected String name() {
        return "tls";
    }

    /// The client doesn't speak TLS.
    ///
    /// @param http whether it looks like HTTP
    void isPlain(boolean http) {
        if (http) {
            write(channel.alloc().ioBuffer(PLAIN.length).writeBytes(PLAIN));
            linger(true);
        } else {
            fail("the client's first bytes are no TLS");
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent end) {
            ended(end.cause());
        } else {
            super.userEventTriggered(ctx, event);
        }
    }

    private void ended(@Nullable Throwable failure) {
        if (failure == null) {
            String agreed = channel.pipeline().get(SslHandler.class).applicationProtocol();
            open(agreed == null ? otherwise : protocols.getOrDefault(agreed, otherwise));
        } else if (!isEnding() && !(failure instanceof ClosedChannelException)) {
            fail("the handshake failed: " + reason(String.valueOf(failure.getMessage())));
        }
    }

    // BoringSSL's: error:10000416:SSL routines:OPENSSL_internal:SSLV3_ALERT_CERTIFICATE_UNKNOWN
    private static String reason(String message) {
        return message.startsWith("error:")
                ? message.substring(message.lastIndexOf(':') + 1)
                        .toLowerCase(Locale.ROOT)
                        .replace('_', ' ')
                : message;
    }
}
