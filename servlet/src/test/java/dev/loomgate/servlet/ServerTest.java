package dev.loomgate.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.server.Limits;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.TlsOptions;
import dev.loomgate.testkit.peers.CertificateAuthority;
import dev.loomgate.testkit.peers.CertificateAuthority.Issued;
import dev.loomgate.toolkit.middleware.Mounts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What servlets see of the server's own: TLS, mounts, time limits.
@Timeout(60)
class ServerTest {
    @TempDir
    private Path directory;

    private final Site site = new Site();

    @Test
    void protocolAndCipherOfTlsAreAttributes() throws Exception {
        CertificateAuthority authority = CertificateAuthority.in(directory);
        Issued issued = authority.issue("server", "DNS:localhost");
        ServerOptions options = ServerOptions.builder()
                .tls(TlsOptions.of(issued.chain(), issued.key()))
                .build();
        try (Server server = start(ListenAddress.https("127.0.0.1:0"), options, ServletApplication.of(site.context));
                HttpClient client =
                        HttpClient.newBuilder().sslContext(authority.client()).build()) {
            assertThat(get(client, "https://localhost:" + port(server) + "/site/tls")
                            .body())
                    .matches("true TLSv1\\.3 TLS_\\w+");
        }
    }

    @Test
    void belowAMountTheContextPathIsItsPrefix() throws Exception {
        Application mounted = Mounts.of().withMount("/site", ServletApplication.of(site.context));
        try (Server server = start(ListenAddress.http("127.0.0.1:0"), ServerOptions.defaults(), mounted);
                HttpClient client = HttpClient.newHttpClient()) {
            String home = "http://127.0.0.1:" + port(server);
            assertThat(get(client, home + "/site/echo/a%20b?q=x").body())
                    .isEqualTo("GET /site /echo /a b x null 127.0.0.1 http");
            assertThat(get(client, home + "/site/session").headers().firstValue("Set-Cookie"))
                    .hasValueSatisfying(cookie -> assertThat(cookie).contains("Path=/site"));
            assertThat(get(client, home + "/other").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aRequestsDeadlineInterruptsItsServlet() throws Exception {
        ServerOptions options = ServerOptions.builder()
                .limits(Limits.builder().requestTimeout(Duration.ofMillis(200)).build())
                .build();
        try (Server server = start(ListenAddress.http("127.0.0.1:0"), options, ServletApplication.of(site.context));
                HttpClient client = HttpClient.newHttpClient()) {
            String home = "http://127.0.0.1:" + port(server);
            assertThat(get(client, home + "/site/waits-for-ever").statusCode()).isEqualTo(504);
            assertThat(site.interrupted.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
            assertThat(get(client, home + "/site/waits").statusCode()).isEqualTo(504);
            assertThat(site.asyncError.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
            assertThat(get(client, home + "/site/part").body()).isEqualTo("part");
        }
    }

    private static Server start(ListenAddress address, ServerOptions options, Application application)
            throws Exception {
        return Server.builder(application).listen(address).options(options).start();
    }

    private static int port(Server server) {
        return ((InetSocketAddress) server.addresses().getFirst().socketAddress()).getPort();
    }

    private static HttpResponse<String> get(HttpClient client, String uri) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString());
    }
}
