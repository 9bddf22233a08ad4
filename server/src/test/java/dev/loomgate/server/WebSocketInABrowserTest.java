package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.WebSocket;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.testkit.peers.CertificateAuthority;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Debian's Chromium opens a WebSocket over the HTTP/2 connection that its page came by.
@Timeout(180)
@Tag("once")
final class WebSocketInABrowserTest {
    private static final String PAGE = """
            <body><script>
            const socket = new WebSocket("wss://" + location.host + "/socket");
            let count = 0;
            socket.onopen = () => socket.send(performance.getEntriesByType("navigation")[0].nextHopProtocol);
            socket.onmessage = message => {
                count++;
                if (count == 1) socket.send("x".repeat(300000));
                if (count == 2) socket.close(3001, "after " + message.data.length);
            };
            socket.onclose = event => fetch("/closed?" + event.code + "," + event.wasClean);
            </script></body>
            """;

    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    private final WebSocket.Handler echo = socket -> {
        while (true) {
            switch (socket.receive()) {
                case WebSocket.Text text -> {
                    seen.add(
                            text.content().length() < 100
                                    ? text.content()
                                    : text.content().length() + " characters");
                    socket.send(text.content());
                }
                case WebSocket.Binary binary -> socket.send(binary.content());
                case WebSocket.Closed closed -> {
                    seen.add(closed.code() + " " + closed.reason());
                    return;
                }
            }
        }
    };

    private final Application site = new Lint().wrap((environ, startResponse) -> {
        if (environ.webSocket().isPresent()) {
            seen.add("socket over " + environ.get("SERVER_PROTOCOL"));
            return environ.webSocket().get().accept(startResponse, echo);
        }
        if (environ.path().equals("/closed")) {
            seen.add("closed " + environ.queryString());
        }
        startResponse.start(Status.OK, Headers.of("Content-Type", "text/html"));
        return Body.text(PAGE);
    });

    private String next() throws InterruptedException {
        return String.valueOf(seen.poll(120, TimeUnit.SECONDS));
    }

    @Test
    void aSocketSharesThePagesConnection(@TempDir Path directory) throws Exception {
        CertificateAuthority.Issued localhost =
                CertificateAuthority.in(directory).issue("localhost", "DNS:localhost,IP:127.0.0.1");
        try (Server server = TlsPeers.start(Setup.DEFAULT, site, TlsPeers.tls(localhost, TlsOptions.Engine.AUTO))) {
            Process browser = new ProcessBuilder(
                            "chromium",
                            "--headless",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-dev-shm-usage",
                            "--no-proxy-server",
                            "--ignore-certificate-errors",
                            "--remote-debugging-port=0",
                            "--user-data-dir=" + directory.resolve("profile"),
                            "https://127.0.0.1:" + TlsPeers.address(server).getPort() + "/")
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("browser.txt").toFile())
                    .start();
            try {
                assertThat(List.of(next(), next(), next()))
                        .containsExactly("socket over HTTP/2", "h2", "300000 characters");
                // Which of the two sides is told first isn't fixed.
                assertThat(List.of(next(), next())).containsExactlyInAnyOrder("3001 after 300000", "closed 3001,true");
            } finally {
                browser.descendants().forEach(ProcessHandle::destroy);
                browser.destroy();
                assertThat(browser.waitFor(30, TimeUnit.SECONDS)).isTrue();
            }
        }
    }
}
