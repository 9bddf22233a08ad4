package dev.loomgate.servlet;

import dev.loomgate.gateway.Environ;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.util.Attributes;
import org.eclipse.jetty.util.HostPort;
import org.jspecify.annotations.Nullable;

/// A request's connection, as its environ tells of it. Read before the servlet starts, and never changed.
final class RequestConnection extends Attributes.Lazy implements ConnectionMetaData {
    private final Connector connector;
    private final HttpConfiguration configuration;
    private final String protocol;
    private final boolean secure;
    private final InetSocketAddress local;
    private final @Nullable SocketAddress remote;

    RequestConnection(Connector connector, HttpConfiguration configuration, Environ environ) {
        this.connector = connector;
        this.configuration = configuration;
        protocol = environ.protocol();
        secure = environ.scheme().equals("https");
        local = InetSocketAddress.createUnresolved(environ.serverName(), Integer.parseInt(environ.serverPort()));
        int port = Integer.parseInt(environ.text("REMOTE_PORT", "0"));
        remote = environ.remoteAddress().map(address -> address(address, port)).orElse(null);
    }

    // No name is looked up: what isn't an address stays text.
    private static InetSocketAddress address(String address, int port) {
        try {
            return new InetSocketAddress(InetAddress.ofLiteral(address), port);
        } catch (IllegalArgumentException noAddress) {
            return InetSocketAddress.createUnresolved(address, port);
        }
    }

    @Override
    public String getId() {
        return Integer.toHexString(System.identityHashCode(this));
    }

    @Override
    public HttpConfiguration getHttpConfiguration() {
        return configuration;
    }

    @Override
    public HttpVersion getHttpVersion() {
        return version(protocol);
    }

    static HttpVersion version(String protocol) {
        return switch (protocol) {
            case "HTTP/1.0" -> HttpVersion.HTTP_1_0;
            case "HTTP/2", "HTTP/2.0" -> HttpVersion.HTTP_2;
            case "HTTP/3", "HTTP/3.0" -> HttpVersion.HTTP_3;
            default -> HttpVersion.HTTP_1_1;
        };
    }

    @Override
    public String getProtocol() {
        return protocol;
    }

    /// None: the connection is the container's. Jetty asks for its buffers' size and takes its default then.
    @Override
    public @Nullable Connection getConnection() {
        return null;
    }

    @Override
    public Connector getConnector() {
        return connector;
    }

    @Override
    public boolean isPersistent() {
        return true;
    }

    @Override
    public boolean isSecure() {
        return secure;
    }

    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        return remote;
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return local;
    }

    @Override
    public HostPort getServerAuthority() {
        return new HostPort(local.getHostString(), local.getPort());
    }
}
