package dev.loomgate.python;

import dev.loomgate.gateway.Application;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.ServerStartException;
import dev.loomgate.testkit.client.HttpPeer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Consumer;

/// Servers over HTTP on a free port.
final class Servers {
    private Servers() {}

    /// A server with one loop.
    static Server start(Application application) throws ServerStartException {
        return start(application, options -> {});
    }

    /// A server with one loop, and other options than the default ones.
    static Server start(Application application, Consumer<ServerOptions.Builder> change) throws ServerStartException {
        ServerOptions.Builder options =
                ServerOptions.builder().loops(1).accessLog(false).accessLogTo(OutputStream.nullOutputStream());
        change.accept(options);
        return Server.builder(application)
                .listen(ListenAddress.http("127.0.0.1:0"))
                .options(options.build())
                .start();
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
