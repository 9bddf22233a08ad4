package dev.loomgate.server;

import dev.loomgate.gateway.Application;
import dev.loomgate.loop.settings.Engine;
import dev.loomgate.loop.settings.Transport;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The combinations of engine and transport that a server test runs with.
record Setup(Engine engine, Transport transport) {
    static final Setup DEFAULT = new Setup(Engine.LOOP, Transport.preferred());

    /// Each engine on the default transport, and each further transport of this machine on the default engine.
    static List<Setup> all() {
        Stream<Setup> engines = Stream.of(Engine.values()).map(engine -> new Setup(engine, Transport.preferred()));
        Stream<Setup> transports = Stream.of(Transport.values())
                .filter(transport -> transport != Transport.preferred())
                .filter(transport -> transport.unavailableReason().isEmpty())
                .map(transport -> new Setup(Engine.LOOP, transport));
        return Stream.concat(engines, transports).toList();
    }

    /// Options for a test: one loop, no access log.
    ServerOptions.Builder options() {
        return ServerOptions.builder()
                .loops(1)
                .threads(16)
                .engine(engine)
                .transport(transport)
                .accessLog(false)
                .accessLogTo(OutputStream.nullOutputStream());
    }

    /// A server with HTTP on a free port.
    Server http(Application application) throws ServerStartException {
        return http(application, limits -> {});
    }

    /// A server with HTTP on a free port, and other limits than the default ones.
    Server http(Application application, Consumer<Limits.Builder> change) throws ServerStartException {
        Limits.Builder limits = Limits.builder();
        change.accept(limits);
        return Server.builder(application)
                .listen(ListenAddress.http("127.0.0.1:0"))
                .options(options().limits(limits.build()).build())
                .start();
    }

    @Override
    public String toString() {
        return engine + " on " + transport;
    }
}
