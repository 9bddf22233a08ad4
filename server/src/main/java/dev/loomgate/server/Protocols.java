package dev.loomgate.server;

import dev.loomgate.loop.settings.InvalidSetting;
import dev.loomgate.server.bind.AllowedPeers;
import dev.loomgate.server.connection.ConnectionFactories;
import dev.loomgate.server.connection.ConnectionFactory;
import dev.loomgate.server.connection.ServerLoop;
import dev.loomgate.server.exchange.Scheme;
import dev.loomgate.server.http.HttpConnectionFactory;
import dev.loomgate.server.http2.Http2ConnectionFactory;
import dev.loomgate.server.uwsgi.UwsgiConnectionFactory;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The protocols of a server, by the names that they have in a [ListenAddress].
final class Protocols {
    private final Map<ListenAddress.Protocol, ConnectionFactories> all = new EnumMap<>(ListenAddress.Protocol.class);

    private final AllowedPeers allowed;

    private Protocols(AllowedPeers allowed, boolean http2) {
        this.allowed = allowed;
        all.put(
                ListenAddress.Protocol.HTTP,
                http2
                        ? loops -> HttpConnectionFactory.onEach(
                                loops, loop -> new Http2ConnectionFactory(loop, Scheme.HTTP))
                        : HttpConnectionFactory::onEach);
        all.put(ListenAddress.Protocol.UWSGI, loops -> UwsgiConnectionFactory.onEach(loops, allowed));
    }

    /// The protocols, with who may speak them.
    static Protocols of(ServerOptions options) throws ServerStartException {
        try {
            return new Protocols(
                    AllowedPeers.loopbackAnd(options.allowFrom()),
                    options.http2().enabled());
        } catch (InvalidSetting e) {
            throw new ServerStartException(e.message(options.settingNames()), e);
        }
    }

    /// What speaks uwsgi on each loop, where processes may do so as well.
    List<UwsgiConnectionFactory> directFactories(List<ServerLoop> loops) {
        return UwsgiConnectionFactory.onEach(loops, allowed);
    }

    /// What speaks the address's protocol on each loop.
    List<? extends ConnectionFactory> factories(ListenAddress address, List<ServerLoop> loops) {
        return Objects.requireNonNull(all.get(address.protocol()), "a protocol without connections")
                .onEach(loops);
    }
}
