package dev.loomgate.cli.admin;

import dev.loomgate.gateway.Application;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.ServerStartException;
import java.time.Duration;

/// A server for operators beside the one that serves everybody: an application on one address. It has a loop of its
/// own, so that it answers while the other's loops are held or full, and no access log.
///
/// Its methods may be called by any thread that isn't one of its loop.
public final class AdminServer implements AutoCloseable {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(1);

    private final Server server;

    private AdminServer(Server server) {
        this.server = server;
    }

    /// Listens from now on, as the user that the process is now.
    ///
    /// @param option what has asked for it, as messages name it: `--control`
    /// @param socketMode permission bits of a unix socket
    /// @throws ServerStartException if the address can't be bound, with one line for the operator
    public static AdminServer start(String option, Application application, ListenAddress address, int socketMode)
            throws ServerStartException {
        try {
            ServerOptions options = ServerOptions.builder()
                    .socketMode(socketMode)
                    .accessLog(false)
                    .stopTimeout(STOP_LIMIT)
                    .build();
            return new AdminServer(
                    Server.builder(application).options(options).listen(address).start());
        } catch (ServerStartException e) {
            throw new ServerStartException(option + ": " + e.getMessage(), e);
        }
    }

    /// Where it listens, with the real port.
    public ListenAddress address() {
        return server.addresses().getFirst();
    }

    /// Answers no more. What still runs is interrupted after a second.
    @Override
    public void close() {
        server.stop();
    }
}
