package dev.loomgate.junit;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.LocalServer;
import dev.loomgate.toolkit.test.Client;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The application of a test class, between its start and its stop. For the threads of all its tests.
@SuppressWarnings("try") // what a stop throws is the application's to say
final class StartedApplication implements AutoCloseable {
    private final Application application;
    private final @Nullable LocalServer server;

    private StartedApplication(Application application, @Nullable LocalServer server) {
        this.application = application;
        this.server = server;
    }

    /// @param http whether on a server, on a free port
    /// @throws Exception what the application's start throws, or if there is no server
    static StartedApplication start(Application application, boolean http) throws Exception {
        if (http) {
            return new StartedApplication(application, LocalServer.serve(application));
        }
        if (application instanceof Lifecycle hooks) {
            hooks.start();
        }
        return new StartedApplication(application, null);
    }

    /// A new client, to be closed before this is.
    Client client() {
        return server == null ? Client.of(application) : Client.overHttp(server.address());
    }

    /// Where it listens; nothing in process.
    Optional<URI> address() {
        if (server == null) {
            return Optional.empty();
        }
        InetSocketAddress address = server.address();
        try {
            return Optional.of(new URI("http", null, address.getHostString(), address.getPort(), null, null, null));
        } catch (URISyntaxException e) {
            throw new IllegalStateException("not the address of a server: " + address, e);
        }
    }

    @Override
    public void close() throws Exception {
        if (server != null) {
            server.close();
        } else if (application instanceof Lifecycle hooks) {
            hooks.stop();
        }
    }
}
