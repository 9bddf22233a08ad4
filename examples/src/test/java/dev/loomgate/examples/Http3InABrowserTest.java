package dev.loomgate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.server.Http3Options;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.TlsOptions;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.Browser;
import dev.loomgate.testkit.peers.CertificateAuthority;
import dev.loomgate.testkit.peers.CertificateAuthority.Issued;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Chromium loads a page and a large file by HTTP/3, and sends a body.
@Tag("once")
@Timeout(240)
final class Http3InABrowserTest {
    private static final int FILE_BYTES = 100_000_000;
    private static final String PAGE = """
            <!doctype html><title>loading</title><script>
            (async () => {
                const file = await (await fetch('/file')).arrayBuffer();
                const echo = await (await fetch('/echo', {method: 'POST', body: 'hello'})).text();
                const protocol = name => performance.getEntriesByName(location.origin + name)[0].nextHopProtocol;
                document.title = [file.byteLength, echo,
                    performance.getEntriesByType('navigation')[0].nextHopProtocol,
                    protocol('/file'), protocol('/echo')].join(' ');
            })();
            </script>""";

    private static Application site() {
        byte[] piece = new byte[100_000];
        return (environ, startResponse) -> {
            byte[] sent = environ.input().readAllBytes();
            startResponse.start(Status.OK, Headers.of("Content-Type", "text/html"));
            return switch (environ.requestUri()) {
                case "/file" ->
                    Body.stream(out -> {
                        for (int i = 0; i < FILE_BYTES / piece.length; i++) {
                            out.write(piece);
                        }
                    });
                case "/echo" -> Body.bytes(sent);
                default -> Body.text(PAGE);
            };
        };
    }

    @Test
    void aPageAFileAndABody(@TempDir Path directory) throws Exception {
        Issued issued = CertificateAuthority.in(directory).issue("localhost", "DNS:localhost");
        ServerOptions options = ServerOptions.builder()
                .loops(1)
                .accessLog(false)
                .tls(TlsOptions.of(issued.chain(), issued.key()))
                .http3(Http3Options.builder().http3(true).build())
                .build();
        try (Server server = Server.builder(site())
                .listen(ListenAddress.https("127.0.0.1:0"))
                .options(options)
                .start()) {
            int port = ((InetSocketAddress) server.addresses().getFirst().socketAddress()).getPort();
            List<String> switches = List.of(
                    "--origin-to-force-quic-on=localhost:" + port,
                    "--host-resolver-rules=MAP localhost 127.0.0.1",
                    "--ignore-certificate-errors-spki-list=" + hash(issued.chain()));
            try (Browser browser = new Browser(directory.resolve("profile"), switches, PagesInABrowserTest.JSON)) {
                browser.open("https://localhost:" + port + "/");

                String loaded = FILE_BYTES + " hello h3 h3 h3";
                Eventually.await(Duration.ofSeconds(150), () -> loaded, () -> !browser.title()
                        .equals("loading"));
                assertThat(browser.title()).isEqualTo(loaded);
            }
        }
    }

    // Of the certificate's public key, as Chromium names one that it is to trust.
    private static String hash(Path certificate) throws Exception {
        try (var in = Files.newInputStream(certificate)) {
            byte[] key = CertificateFactory.getInstance("X.509")
                    .generateCertificate(in)
                    .getPublicKey()
                    .getEncoded();
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
        }
    }
}
