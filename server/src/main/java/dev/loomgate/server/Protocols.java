package dev.loomgate.server;

import dev.loomgate.loop.settings.InvalidSetting;
import dev.loomgate.server.bind.AllowedPeers;
import dev.loomgate.server.bind.Networks;
import dev.loomgate.server.connection.ConnectionFactories;
import dev.loomgate.server.connection.ConnectionFactory;
import dev.loomgate.server.connection.ServerLoop;
import dev.loomgate.server.fastcgi.FastCgiConnectionFactory;
import dev.loomgate.server.http.HttpConnectionFactory;
import dev.loomgate.server.proxy.ProxyConnectionFactory;
import dev.loomgate.server.scgi.ScgiConnectionFactory;
import dev.loomgate.server.uwsgi.UwsgiConnectionFactory;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The protocols of a server, by the names that they have in a [ListenAddress].
final class Protocols {
    private final Map<ListenAddress.Protocol, ConnectionFactories> all = new EnumMap<>(ListenAddress.Protocol.class);

    private final AllowedPeers allowed;
    private final Networks proxies;

    private Protocols(AllowedPeers allowed, Networks proxies) {
        this.allowed = allowed;
        this.proxies = proxies;
        all.put(ListenAddress.Protocol.HTTP, HttpConnectionFactory::onEach);
        all.put(ListenAddress.Protocol.UWSGI, loops -> UwsgiConnectionFactory.onEach(loops, allowed));
        all.put(ListenAddress.Protocol.SCGI, loops -> ScgiConnectionFactory.onEach(loops, allowed));
        all.put(ListenAddress.Protocol.FASTCGI, loops -> FastCgiConnectionFactory.onEach(loops, allowed));
    }

    /// The protocols, with who may speak them.
    static Protocols of(ServerOptions options) throws ServerStartException {
        try {
            return new Protocols(
                    AllowedPeers.loopbackAnd(options.allowFrom()),
                    Networks.withUnix("proxyProtocolFrom", options.proxyProtocolFrom()));
        } catch (InvalidSetting e) {
            throw new ServerStartException(e.message(options.settingNames()), e);
        }
    }

    /// What speaks uwsgi on each loop, where processes may do so as well.
    List<UwsgiConnectionFactory> directFactories(List<ServerLoop> loops) {
        return UwsgiConnectionFactory.onEach(loops, allowed);
    }

    /// What speaks the address's protocol on each loop, behind the PROXY protocol where a peer is to send that.
    List<? extends ConnectionFactory> factories(ListenAddress address, List<ServerLoop> loops) {
        List<? extends ConnectionFactory> protocol = Objects.requireNonNull(
                        all.get(address.protocol()), "a protocol without connections")
                .onEach(loops);
        return ProxyConnectionFactory.before(protocol, address.protocol(), proxies);
    }
}
