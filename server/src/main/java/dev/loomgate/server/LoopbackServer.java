package dev.loomgate.server;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.LocalServer;
import java.net.InetSocketAddress;
import java.time.Duration;

/// A [Server] for tests and tools: one loop, and no line for each request. Its methods may be called by any thread.
///
/// @param server which runs
record LoopbackServer(Server server) implements LocalServer {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    /// Makes them; found as a service.
    public static final class Provider implements LocalServer.Provider {
        @Override
        public LocalServer serve(Application application) throws ServerStartException {
            return new LoopbackServer(Server.builder(application)
                    .listen(ListenAddress.http("127.0.0.1:0"))
                    .options(ServerOptions.builder().loops(1).accessLog(false).build())
                    .start());
        }
    }

    @Override
    public InetSocketAddress address() {
        if (server.addresses().getFirst().socketAddress() instanceof InetSocketAddress address) {
            return address;
        }
        throw new IllegalStateException("listens on " + server.addresses());
    }

    @Override
    public void close() {
        server.stop(STOP_TIMEOUT);
    }
}
