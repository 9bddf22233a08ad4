package dev.loomgate.server;

import dev.loomgate.loop.settings.InvalidSetting;
import dev.loomgate.server.bind.AllowedPeers;
import dev.loomgate.server.bind.Networks;
import dev.loomgate.server.connection.ConnectionFactory;
import dev.loomgate.server.connection.ServerLoop;
import dev.loomgate.server.exchange.Scheme;
import dev.loomgate.server.fastcgi.FastCgiConnectionFactory;
import dev.loomgate.server.http.HttpConnectionFactory;
import dev.loomgate.server.proxy.ProxyConnectionFactory;
import dev.loomgate.server.scgi.ScgiConnectionFactory;
import dev.loomgate.server.tls.Certificates;
import dev.loomgate.server.tls.TlsConnectionFactory;
import dev.loomgate.server.uwsgi.UwsgiConnectionFactory;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The protocols of a server, by the names that they have in a [ListenAddress].
final class Protocols {
    private static final String HTTP_1_1 = "http/1.1";

    /// What may follow TLS, as ALPN names it (RFC 7301 section 6); the first is preferred.
    static final List<String> BEHIND_TLS = List.of(HTTP_1_1);

    private final ServerOptions options;
    private final AllowedPeers allowed;
    private final Networks proxies;

    private Protocols(ServerOptions options, AllowedPeers allowed, Networks proxies) {
        this.options = options;
        this.allowed = allowed;
        this.proxies = proxies;
    }

    /// The protocols, with who may speak them.
    static Protocols of(ServerOptions options) throws ServerStartException {
        try {
            return new Protocols(
                    options,
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

    /// What speaks the protocol on each loop, behind the PROXY protocol where a peer is to send that.
    ///
    /// @param certificates those of a listener for HTTPS
    List<? extends ConnectionFactory> factories(
            ListenAddress.Protocol protocol, List<ServerLoop> loops, Supplier<Certificates> certificates) {
        List<? extends ConnectionFactory> all =
                switch (protocol) {
                    case HTTP -> HttpConnectionFactory.onEach(loops, Scheme.HTTP);
                    case HTTPS -> behindTls(loops, certificates.get());
                    case UWSGI -> UwsgiConnectionFactory.onEach(loops, allowed);
                    case SCGI -> ScgiConnectionFactory.onEach(loops, allowed);
                    case FASTCGI -> FastCgiConnectionFactory.onEach(loops, allowed);
                };
        return ProxyConnectionFactory.before(all, protocol, proxies);
    }

    private List<? extends ConnectionFactory> behindTls(List<ServerLoop> loops, Certificates certificates) {
        return HttpConnectionFactory.onEach(loops, Scheme.HTTPS).stream()
                .map(http -> new TlsConnectionFactory(
                        options.limits(ListenAddress.Protocol.HTTPS), certificates, Map.of(HTTP_1_1, http), http))
                .toList();
    }
}
