package dev.loomgate.server.connection;

import dev.loomgate.server.exchange.Scheme;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/// What a connection tells of itself to the requests on it: their scheme, what TLS says, and both its ends as text,
/// which is made when somebody asks, once. Any thread.
public final class ConnectionFacts {
    private static final AttributeKey<Ends> ENDS = AttributeKey.valueOf(ConnectionFacts.class, "ENDS");

    /// Both ends of a client's connection to a proxy in front, which the proxy has told.
    ///
    /// @param local null for a unix socket
    /// @param remote null for a unix socket
    public record Ends(
            @Nullable InetSocketAddress local, @Nullable InetSocketAddress remote) {}

    private final Scheme scheme;
    private final @Nullable InetSocketAddress local;
    private final @Nullable InetSocketAddress remote;
    private final @Nullable TlsFacts tls;

    // Two threads may both make it; they make the same.
    private @Nullable String remoteAddress;

    /// @param scheme of the URLs of its requests
    /// @param local null for a unix socket
    /// @param remote null for a unix socket
    /// @param tls null without TLS
    private ConnectionFacts(
            Scheme scheme,
            @Nullable InetSocketAddress local,
            @Nullable InetSocketAddress remote,
            @Nullable TlsFacts tls) {
        this.scheme = scheme;
        this.local = local;
        this.remote = remote;
        this.tls = tls;
    }

    /// Without TLS.
    ///
    /// @param scheme of the URLs of its requests
    /// @param local null for a unix socket
    /// @param remote null for a unix socket
    public ConnectionFacts(Scheme scheme, @Nullable InetSocketAddress local, @Nullable InetSocketAddress remote) {
        this(scheme, local, remote, null);
    }

    /// Those of an encrypted connection whose handshake is over, and whose channel has no addresses of a network
    /// itself.
    ///
    /// @param tls what has spoken TLS
    public static ConnectionFacts encrypted(
            @Nullable InetSocketAddress local, @Nullable InetSocketAddress remote, SSLEngine tls) {
        return new ConnectionFacts(Scheme.HTTPS, local, remote, TlsFacts.of(tls));
    }

    /// Says what a proxy has told of a channel's client. Before the first request.
    public static void tell(Channel channel, Ends ends) {
        channel.attr(ENDS).set(ends);
    }

    /// Those of a channel that is connected and whose handshake is over, or what a proxy has told of it. On its loop.
    public static ConnectionFacts of(Channel channel, Scheme scheme) {
        Ends told = channel.hasAttr(ENDS) ? channel.attr(ENDS).get() : null;
        if (told != null) {
            return new ConnectionFacts(scheme, told.local(), told.remote(), tls(channel, scheme));
        }
        return new ConnectionFacts(
                scheme,
                channel.localAddress() instanceof InetSocketAddress local ? local : null,
                channel.remoteAddress() instanceof InetSocketAddress remote ? remote : null,
                tls(channel, scheme));
    }

    private static @Nullable TlsFacts tls(Channel channel, Scheme scheme) {
        return scheme == Scheme.HTTPS ? TlsFacts.of(channel) : null;
    }

    /// What TLS says; null without it.
    public @Nullable TlsFacts tls() {
        return tls;
    }

    public Scheme scheme() {
        return scheme;
    }

    /// The server's address, or `localhost` on a unix socket.
    public String serverName() {
        return local == null ? "localhost" : text(local);
    }

    /// The server's port, or the scheme's on a unix socket.
    public String serverPort() {
        return local == null ? scheme.defaultPort() : Integer.toString(local.getPort());
    }

    /// The client's address, or null on a unix socket.
    public @Nullable String remoteAddress() {
        String text = remoteAddress;
        if (text == null && remote != null) {
            text = text(remote);
            remoteAddress = text;
        }
        return text;
    }

    /// The client's port, or null on a unix socket.
    public @Nullable String remotePort() {
        return remote == null ? null : Integer.toString(remote.getPort());
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress() == null
                ? address.getHostString()
                : address.getAddress().getHostAddress();
    }
}
