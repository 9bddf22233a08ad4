package dev.loomgate.server;

import dev.loomgate.loop.settings.InvalidSetting;
import dev.loomgate.server.bind.AllowedPeers;
import dev.loomgate.server.bind.Networks;
import dev.loomgate.server.connection.ConnectionFactory;
import dev.loomgate.server.connection.DirectConnectionFactory;
import dev.loomgate.server.connection.ServerLoop;
import dev.loomgate.server.exchange.Scheme;
import dev.loomgate.server.fastcgi.FastCgiConnectionFactory;
import dev.loomgate.server.http.HttpConnectionFactory;
import dev.loomgate.server.http2.Http2ConnectionFactory;
import dev.loomgate.server.proxy.ProxyConnectionFactory;
import dev.loomgate.server.scgi.ScgiConnectionFactory;
import dev.loomgate.server.tls.Certificates;
import dev.loomgate.server.tls.TlsConnectionFactory;
import dev.loomgate.server.uwsgi.UwsgiConnectionFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The protocols of a server, by the names that they have in a [ListenAddress].
final class Protocols {
    // As ALPN names them (RFC 7301 section 6, RFC 9113 section 3.1).
    private static final String HTTP_1_1 = "http/1.1";
    private static final String HTTP_2 = "h2";

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

    /// What may follow TLS, as ALPN names it; the first is preferred.
    static List<String> behindTls(ServerOptions options) {
        return options.http2().enabled() ? List.of(HTTP_2, HTTP_1_1) : List.of(HTTP_1_1);
    }

    /// What speaks HTTP or uwsgi on each loop, where processes may do so as well.
    List<? extends DirectConnectionFactory> directFactories(ListenAddress.Protocol protocol, List<ServerLoop> loops) {
        return protocol == ListenAddress.Protocol.HTTP ? plain(loops) : UwsgiConnectionFactory.onEach(loops, allowed);
    }

    /// What speaks the protocol on each loop, behind the PROXY protocol where a peer is to send that.
    ///
    /// @param certificates those of a listener for HTTPS
    /// @param altSvc what responses of a listener for HTTPS say of other ways to it; empty for nothing
    List<? extends ConnectionFactory> factories(
            ListenAddress.Protocol protocol,
            List<ServerLoop> loops,
            Supplier<Certificates> certificates,
            String altSvc) {
        List<? extends ConnectionFactory> all =
                switch (protocol) {
                    case HTTP -> plain(loops);
                    case HTTPS -> behindTls(loops, certificates.get(), altSvc);
                    case UWSGI -> UwsgiConnectionFactory.onEach(loops, allowed);
                    case SCGI -> ScgiConnectionFactory.onEach(loops, allowed);
                    case FASTCGI -> FastCgiConnectionFactory.onEach(loops, allowed);
                };
        return ProxyConnectionFactory.before(all, protocol, proxies);
    }

    // A client says by its first bytes, or by Upgrade, that it speaks HTTP/2.
    private List<HttpConnectionFactory> plain(List<ServerLoop> loops) {
        return options.http2().enabled()
                ? HttpConnectionFactory.onEach(loops, loop -> new Http2ConnectionFactory(loop, Scheme.HTTP, ""))
                : HttpConnectionFactory.onEach(loops);
    }

    private List<? extends ConnectionFactory> behindTls(
            List<ServerLoop> loops, Certificates certificates, String altSvc) {
        return HttpConnectionFactory.behindTls(loops, altSvc).stream()
                .map(http1 -> {
                    Map<String, ConnectionFactory> byName = new HashMap<>(Map.of(HTTP_1_1, http1));
                    if (options.http2().enabled()) {
                        byName.put(HTTP_2, new Http2ConnectionFactory(http1.serverLoop(), Scheme.HTTPS, altSvc));
                    }
                    return new TlsConnectionFactory(
                            options.limits(ListenAddress.Protocol.HTTPS), certificates, byName, http1);
                })
                .toList();
    }
}
