package dev.loomgate.server;

import dev.loomgate.gateway.Application;
import dev.loomgate.testkit.peers.CertificateAuthority;
import java.util.function.Consumer;

/// Servers that speak HTTP/3.
final class Http3Peers {
    private Http3Peers() {}

    static Server start(Setup setup, Application application, CertificateAuthority authority) throws Exception {
        return start(setup, application, authority, options -> {});
    }

    static Server start(
            Setup setup,
            Application application,
            CertificateAuthority authority,
            Consumer<ServerOptions.Builder> change)
            throws Exception {
        TlsOptions tls =
                TlsPeers.tls(authority.issue("localhost", "DNS:localhost,IP:127.0.0.1"), TlsOptions.Engine.AUTO);
        ServerOptions.Builder options = setup.options()
                .tls(tls)
                .http3(Http3Options.builder().http3(true).build());
        change.accept(options);
        return Server.builder(application)
                .listen(ListenAddress.https("127.0.0.1:0"))
                .options(options.build())
                .start();
    }
}
