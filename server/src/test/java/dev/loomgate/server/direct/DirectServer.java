package dev.loomgate.server.direct;

import dev.loomgate.loop.settings.Transport;
import dev.loomgate.server.Limits;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.testkit.client.RawClient;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.function.Consumer;

/// A server on a unix socket whose connections fake processes take.
record DirectServer(Server server, Path socket) implements AutoCloseable {
    static DirectServer of(FakeProcesses processes, Path directory) throws Exception {
        return of(processes, directory, Limits.builder(), options -> {});
    }

    static DirectServer of(
            FakeProcesses processes, Path directory, Limits.Builder limits, Consumer<ServerOptions.Builder> change)
            throws Exception {
        Path socket = directory.resolve("app.sock");
        ServerOptions.Builder options = ServerOptions.builder()
                .loops(2)
                .transport(Transport.EPOLL)
                .accessLog(false)
                .limits(limits.build());
        change.accept(options);
        Server server = Server.builder(processes)
                .listen(ListenAddress.uwsgi(socket.toString()))
                .options(options.build())
                .start();
        return new DirectServer(server, socket);
    }

    RawClient connect() throws IOException {
        return RawClient.connect(UnixDomainSocketAddress.of(socket));
    }

    @Override
    public void close() {
        server.close();
    }
}
