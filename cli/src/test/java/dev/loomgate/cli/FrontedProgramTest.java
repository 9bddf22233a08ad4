package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.client.FastCgiAnswers;
import dev.loomgate.testkit.client.FastCgiRecords;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.ScgiMessage;
import dev.loomgate.testkit.peers.Python;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A Python program behind front ends of each kind, by the command line: SCGI, FastCGI, balancers that speak the PROXY
/// protocol, and proxies that set header fields.
@Timeout(180)
final class FrontedProgramTest {
    private static final String PROGRAM = """
            def application(environ, start_response):
                body = environ["wsgi.input"].read()
                start_response("200 OK", [("Content-Type", "text/plain")])
                names = ("REMOTE_ADDR", "wsgi.url_scheme", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "HTTP_X_FORWARDED_FOR")
                return [" ".join(environ.get(name, "-") for name in names).encode("latin-1"), b" ", body]
            """;
    private static final String FORWARDED = "GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
            + "X-Forwarded-For: 6.6.6.6, 203.0.113.9, 127.0.0.2\r\nX-Forwarded-Proto: https\r\n"
            + "X-Forwarded-Host: shop.example\r\n\r\n";

    @TempDir
    private Path directory;

    private LoomgateProcess start(String... options) throws Exception {
        Files.writeString(directory.resolve("program.py"), PROGRAM);
        String[] all = new String[options.length + 4];
        System.arraycopy(options, 0, all, 0, options.length);
        System.arraycopy(new String[] {"--python", Python.DEBIAN, "-w", "program"}, 0, all, options.length, 4);
        return LoomgateProcess.start(directory, all);
    }

    private static SocketAddress address(LoomgateProcess server) throws Exception {
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(), server.uri("/").getPort());
    }

    @Test
    void scgiAndFastCgiReachAPythonProgram() throws Exception {
        Path scgi = directory.resolve("scgi");
        Path fastcgi = directory.resolve("fastcgi");
        try (LoomgateProcess _ = start(
                "--http", "127.0.0.1:0", "--scgi-socket", scgi.toString(), "--fastcgi-socket", fastcgi.toString())) {
            try (RawClient client = RawClient.connect(UnixDomainSocketAddress.of(scgi))) {
                client.send(ScgiMessage.request("POST", "/a", "hello")
                        .with("REMOTE_ADDR", "9.9.9.9")
                        .bytes());
                assertThat(client.receiveText())
                        .startsWith("Status: 200 OK\r\n")
                        .endsWith("\r\n\r\n9.9.9.9 http -  /a - hello");
            }
            try (RawClient client = RawClient.connect(UnixDomainSocketAddress.of(fastcgi))) {
                FastCgiAnswers answers = new FastCgiAnswers(client);
                byte[] large = "x".repeat(300_000).getBytes(StandardCharsets.US_ASCII);
                client.send(FastCgiRecords.of().post(1, "/a", large).bytes());
                assertThat(answers.end().content()).isEqualTo("- http -  /a - " + "x".repeat(300_000));
                client.send(FastCgiRecords.of()
                        .begin(2, true)
                        .params(2, "POST", "/b")
                        .body(2, "no length".getBytes(StandardCharsets.US_ASCII))
                        .bytes());
                assertThat(answers.end().content()).isEqualTo("- http -  /b - no length");
            }
        }
    }

    @Test
    void trustedProxiesSayWhoTheClientIs() throws Exception {
        try (LoomgateProcess server =
                start("--http", "127.0.0.1:0", "--trust-forwarded-from", "127.0.0.0/8,10.0.0.0/8")) {
            try (RawClient client = RawClient.connect(address(server))) {
                client.send(FORWARDED);
                assertThat(client.receiveText())
                        .contains("203.0.113.9 https shop.example  /a 6.6.6.6, 203.0.113.9, 127.0.0.2");
            }
        }
    }

    @Test
    void withoutTheOptionTheFieldsArePlain() throws Exception {
        try (LoomgateProcess server = start("--http", "127.0.0.1:0")) {
            try (RawClient client = RawClient.connect(address(server))) {
                client.send(FORWARDED);
                assertThat(client.receiveText()).contains("127.0.0.1 http h  /a 6.6.6.6, ");
            }
        }
    }

    @Test
    void balancersSayItBeforeTheFirstByte() throws Exception {
        try (LoomgateProcess server = start(
                "--http",
                "127.0.0.1:0",
                "--proxy-protocol-from",
                "127.0.0.1",
                "--trust-forwarded-from",
                "10.0.0.0/8")) {
            try (RawClient client = RawClient.connect(address(server))) {
                client.send("PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n").send(FORWARDED);
                assertThat(client.receiveText()).contains("192.0.2.7 http h  /a 6.6.6.6, ");
            }
            try (RawClient client = RawClient.connect(address(server))) {
                client.send("PROXY TCP4 10.0.0.9 198.51.100.1 56324 443\r\n").send(FORWARDED);
                assertThat(client.receiveText()).contains("127.0.0.2 https shop.example  /a 6.6.6.6, ");
            }
        }
    }
}
