package dev.loomgate.python;

import dev.loomgate.gateway.Application;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.ServerStartException;
import dev.loomgate.testkit.client.HttpPeer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Consumer;

/// Servers with one loop that log no access: over HTTP on a free port, unless a test says where.
public final class Servers {
    private Servers() {}

    static Server start(Application application) throws ServerStartException {
        return start(application, options -> {});
    }

    /// With other options than the default ones.
    static Server start(Application application, Consumer<ServerOptions.Builder> change) throws ServerStartException {
        return start(application, List.of(ListenAddress.http("127.0.0.1:0")), change);
    }

    /// At these addresses.
    public static Server start(
            Application application, List<ListenAddress> addresses, Consumer<ServerOptions.Builder> change)
            throws ServerStartException {
        ServerOptions.Builder options =
                ServerOptions.builder().loops(1).accessLog(false).accessLogTo(OutputStream.nullOutputStream());
        change.accept(options);
        Server.Builder server = Server.builder(application).options(options.build());
        addresses.forEach(server::listen);
        return server.start();
    }

    /// A connection to the server's first address.
    static HttpPeer peer(Server server) throws IOException {
        return HttpPeer.to(server.addresses().getFirst().socketAddress());
    }

    /// A connection for which the kernel keeps little that hasn't been read.
    static HttpPeer slowPeer(Server server) throws IOException {
        return HttpPeer.slowTo(server.addresses().getFirst().socketAddress());
    }

    /// One GET on a connection of its own.
    static HttpPeer.Answer ask(Server server, String target) throws IOException {
        try (HttpPeer peer = peer(server)) {
            return peer.get(target).answer();
        }
    }
}
