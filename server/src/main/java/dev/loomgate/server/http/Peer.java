package dev.loomgate.server.http;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// Both ends of a connection, as text: made when somebody asks, once. Any thread.
final class Peer {
    private final @Nullable InetSocketAddress local;
    private final @Nullable InetSocketAddress remote;

    // Two threads may both make it; they make the same.
    private @Nullable String remoteAddress;

    /// @param local null for a unix socket
    /// @param remote null for a unix socket
    Peer(@Nullable InetSocketAddress local, @Nullable InetSocketAddress remote) {
        this.local = local;
        this.remote = remote;
    }

    String serverName() {
        return local == null ? "localhost" : text(local);
    }

    String serverPort() {
        return local == null ? "80" : Integer.toString(local.getPort());
    }

    @Nullable
    String remoteAddress() {
        String text = remoteAddress;
        if (text == null && remote != null) {
            text = text(remote);
            remoteAddress = text;
        }
        return text;
    }

    @Nullable
    String remotePort() {
        return remote == null ? null : Integer.toString(remote.getPort());
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress() == null
                ? address.getHostString()
                : address.getAddress().getHostAddress();
    }
}
