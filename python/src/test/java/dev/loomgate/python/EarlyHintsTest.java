package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.peers.Nginx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `wsgi.early_hints`, as gunicorn gives it, in each mode.
@Timeout(120)
final class EarlyHintsTest {
    // Answers when the file is there: the client has seen the hints by then.
    private static final String PROGRAM = """
            import os, time

            def application(environ, start_response):
                hints = environ.get("wsgi.early_hints")
                said = "none"
                if hints:
                    hints([("Link", "</style.css>; rel=preload; as=style"), ("X-Other", "1"), ("link", "</app.js>; rel=preload")])
                    deadline = time.monotonic() + 60
                    while not os.path.exists(os.environ["NOTES"]) and time.monotonic() < deadline:
                        time.sleep(0.01)
                    said = "sent"
                    for wrong in ("</a>\\r\\nSet-Cookie: a=b", "</a>\\nb", "</\\u20ac>"):
                        try:
                            hints([("Link", wrong)])
                        except ValueError:
                            said += ", refused"
                start_response("200 OK", [("Content-Type", "text/plain")])
                if hints:
                    yield b"beginning, "
                    hints([("Link", "</late>; rel=preload")])
                yield said.encode()
            """;

    @TempDir
    private Path directory;

    static List<WorkerMode> modes() {
        return PythonApplicationTest.modes();
    }

    private PythonApplication site(WorkerMode mode) throws Exception {
        return PythonApplication.of(
                TestPrograms.source(directory, PROGRAM).mode(mode).build());
    }

    @ParameterizedTest
    @MethodSource("modes")
    void linksComeBeforeTheResponse(WorkerMode mode) throws Exception {
        try (Server server = Servers.start(new Lint().wrap(site(mode)));
                HttpPeer peer = Servers.peer(server)) {
            peer.get("/");
            assertThat(peer.line()).isEqualTo("HTTP/1.1 103 Early Hints");
            assertThat(peer.line()).isEqualTo("Link: </style.css>; rel=preload; as=style");
            assertThat(peer.line()).isEqualTo("Link: </app.js>; rel=preload");
            assertThat(peer.line()).isEmpty();
            Files.writeString(directory.resolve("notes"), "seen");
            HttpPeer.Answer answer = peer.answer();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).isEqualTo("beginning, sent, refused, refused, refused");
        }
    }

    @Test
    void aClientOfHttp10GetsNone() throws Exception {
        try (Server server = Servers.start(site(new WorkerMode.Sync()));
                HttpPeer peer = Servers.peer(server)) {
            assertThat(peer.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n").answer().text())
                    .isEqualTo("none");
        }
    }

    @Test
    void nginxGetsNone() throws Exception {
        Path socket = directory.resolve("uwsgi.sock");
        try (Server server = Servers.start(
                        site(new WorkerMode.Sync()), List.of(ListenAddress.uwsgi(socket.toString())), options -> {});
                Nginx nginx = Nginx.start(directory, Nginx.uwsgiPass("/", "unix:" + socket));
                HttpPeer peer = HttpPeer.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), nginx.port()))) {
            HttpPeer.Answer answer = peer.get("/").answer();

            assertThat(server.addresses()).hasSize(1);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).isEqualTo("none");
        }
    }
}
