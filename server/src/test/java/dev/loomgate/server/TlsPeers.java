package dev.loomgate.server;

import dev.loomgate.gateway.Application;
import dev.loomgate.server.TlsOptions.CertificateFiles;
import dev.loomgate.server.TlsOptions.Engine;
import dev.loomgate.testkit.peers.CertificateAuthority.Issued;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// Servers that speak TLS, and clients of them.
final class TlsPeers {
    static final Duration LIMIT = Duration.ofSeconds(60);

    private TlsPeers() {}

    static TlsOptions tls(Issued issued, Engine engine) {
        return TlsOptions.builder()
                .certificate(new CertificateFiles(issued.chain(), issued.key()))
                .engine(engine)
                .build();
    }

    static Server start(Setup setup, Application application, TlsOptions tls) throws ServerStartException {
        return start(setup, application, tls, Limits.defaults());
    }

    static Server start(Setup setup, Application application, TlsOptions tls, Limits limits)
            throws ServerStartException {
        return Server.builder(application)
                .listen(ListenAddress.https("127.0.0.1:0"))
                .options(setup.options().tls(tls).limits(limits).build())
                .start();
    }

    static InetSocketAddress address(Server server) {
        return (InetSocketAddress) server.addresses().getFirst().socketAddress();
    }

    static HttpClient client(SSLContext trust) {
        // The only cipher, so that nginx's preference and ours don't matter.
        SSLParameters parameters = trust.getDefaultSSLParameters();
        parameters.setCipherSuites(new String[] {"TLS_AES_256_GCM_SHA384"});
        return HttpClient.newBuilder()
                .sslParameters(parameters)
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(trust)
                .connectTimeout(LIMIT)
                .build();
    }

    static HttpRequest.Builder request(Server server, String target) {
        return HttpRequest.newBuilder(
                        URI.create("https://localhost:" + address(server).getPort() + target))
                .timeout(LIMIT);
    }

    static SSLSocket socket(Server server, SSLContext trust, String name) throws IOException {
        SSLSocket socket = (SSLSocket) trust.getSocketFactory()
                .createSocket(address(server).getAddress(), address(server).getPort());
        socket.setSoTimeout((int) LIMIT.toMillis());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        socket.setSSLParameters(parameters);
        return socket;
    }

    static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    static String answer(Server server, SSLContext trust) throws IOException {
        try (SSLSocket socket = socket(server, trust, "localhost")) {
            send(socket, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static String subject(Server server, SSLContext trust, String name) throws Exception {
        try (SSLSocket socket = socket(server, trust, name)) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }
}
