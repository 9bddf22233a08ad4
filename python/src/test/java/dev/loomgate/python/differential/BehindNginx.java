package dev.loomgate.python.differential;

import dev.loomgate.testkit.peers.Nginx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/// A server with a real nginx before it.
final class BehindNginx implements RunningServer {
    private final Nginx nginx;
    private final RunningServer server;

    private BehindNginx(Nginx nginx, RunningServer server) {
        this.nginx = nginx;
        this.server = server;
    }

    static BehindNginx put(Path directory, RunningServer server) throws IOException {
        String location = server.address() instanceof UnixDomainSocketAddress unix
                ? Nginx.uwsgiPass("/", "unix:" + unix.getPath())
                : Nginx.proxyPass("/", "http:/" + server.address());
        try {
            return new BehindNginx(Nginx.start(directory, location), server);
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    @Override
    public SocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), nginx.port());
    }

    @Override
    public String log() throws IOException {
        return server.log();
    }

    @Override
    public void close() {
        nginx.close();
        server.close();
    }
}
