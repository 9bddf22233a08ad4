package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import dev.loomgate.testkit.peers.Python;
import dev.loomgate.testkit.peers.PythonProgram;
import dev.loomgate.testkit.peers.Uwsgi;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Loggers, routes and encoders as a real uWSGI has them: the same options and requests, the same lines in
/// the same places, once what the server's own log puts before a program's line is taken away.
@Timeout(120)
class LoggersDifferentialTest {
    /// Time, level and worker.
    private static final String BEFORE = "[0-9T:.+Z-]{20,} INFO \\[worker \\d+] ";

    private static final List<String> FILES = List.of("all.log", "app.log", "req.log", "missing.log");

    @TempDir
    private Path directory;

    /// One side: its files and its receiver.
    private final class Side implements AutoCloseable {
        private final Path place;
        private final DatagramSocket receiver =
                new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

        Side(String name) throws Exception {
            place = Files.createDirectory(directory.resolve(name));
            receiver.setSoTimeout(30_000);
            Files.writeString(place.resolve("app.py"), """
                    import sys
                    def application(environ, start_response):
                        if environ["QUERY_STRING"]:
                            sys.stderr.write(environ["QUERY_STRING"].replace("+", " ") + "\\n")
                            sys.stderr.flush()
                        status = "404 Not Found" if environ["PATH_INFO"] == "/404" else "200 OK"
                        start_response(status, [("Content-Length", "0")])
                        return [b""]
                    """);
        }

        List<String> options() {
            String udp = "127.0.0.1:" + receiver.getLocalPort();
            return List.of(
                    "--log-format", "REQ %(method) \"%(uri)\" %(status)",
                    "--logger", "file:" + place.resolve("all.log"),
                    "--logger", "app file:logfile=" + place.resolve("app.log") + ",maxsize=1000000",
                    "--logger", "missing file:" + place.resolve("missing.log"),
                    "--logger", "packets socket:" + udp + ",PRE ",
                    "--logger", "remote rsyslog:" + udp + ",host ident,13",
                    "--req-logger", "file:" + place.resolve("req.log"),
                    "--log-req-route", "missing  404$",
                    "--log-req-encoder",
                            "json {\"line\":\"${msg}\",\"at\":${unix},\"day\":\"${strftime:%Y-%m-%d}\"${none}}",
                    "--log-req-encoder", "nl",
                    "--log-req-encoder", "prefix:missing E: ",
                    "--log-encoder", "format:app <${msg}>",
                    "--log-encoder", "suffix:app  end",
                    "--log-encoder", "nl:app",
                    "--log-route", "app APP",
                    "--log-route", "packets UDP",
                    "--log-route", "remote RS",
                    "--log-drain", "DROP");
        }

        void ask(SocketAddress server) throws Exception {
            for (String uri : List.of("/", "/404", "/x?ALL+one", "/x?APP+two", "/x?DROP+three", "/404?APP+four")) {
                request(server, uri);
            }
            request(server, "/x?UDP+five");
            assertThat(plain(receive())).isEqualTo("PRE UDP five\n");
            request(server, "/x?RS+six");
            assertThat(plain(receive())).matches("<13>[A-Z][a-z]{2} [ 1-3]\\d \\d\\d:\\d\\d:\\d\\d host ident: RS six");
            request(server, "/x?ALL+seven");
            Eventually.await(
                    () -> "the last line in " + read("all.log") + " and in " + read("req.log"),
                    () -> read("all.log").contains("ALL seven")
                            && read("req.log").contains("ALL+seven"));
        }

        private void request(SocketAddress server, String uri) throws Exception {
            try (RawClient client = RawClient.connect(server)) {
                client.send(UwsgiPacket.request("GET", uri).bytes()).receiveAll();
            }
        }

        private String receive() throws Exception {
            DatagramPacket packet = new DatagramPacket(new byte[65536], 65536);
            receiver.receive(packet);
            return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
        }

        private String read(String name) {
            try {
                return plain(Files.readString(place.resolve(name)));
            } catch (java.io.IOException e) {
                return "";
            }
        }

        /// What the program and its requests have caused.
        private String plain(String text) {
            StringBuilder lines = new StringBuilder();
            text.replaceAll(BEFORE, "")
                    .replaceAll("\"at\":\\d+", "\"at\":0")
                    .lines()
                    .filter(line ->
                            line.matches(".*(REQ |ALL one|ALL seven|APP two|APP four|UDP five|RS six|DROP three).*"))
                    .forEach(line -> lines.append(line).append('\n'));
            return text.endsWith("\n") ? lines.toString() : lines.toString().stripTrailing();
        }

        @Override
        public void close() {
            receiver.close();
        }
    }

    @Test
    void theLinesAreWhereUwsgiHasThem() throws Exception {
        try (Side theirs = new Side("theirs");
                Side ours = new Side("ours")) {
            List<String> uwsgiOptions =
                    new ArrayList<>(List.of("--plugin", "python3,logfile,logsocket,rsyslog", "--master"));
            uwsgiOptions.addAll(theirs.options());
            try (Uwsgi uwsgi =
                    Uwsgi.unix(directory, PythonProgram.of(theirs.place, "app"), uwsgiOptions.toArray(String[]::new))) {
                theirs.ask(uwsgi.address());
            }
            Path socket = directory.resolve("s");
            List<String> options = new ArrayList<>(List.of(
                    "-s",
                    socket.toString(),
                    "--wsgi-file",
                    ours.place.resolve("app.py").toString()));
            options.addAll(List.of("--python", Python.DEBIAN));
            options.addAll(ours.options());
            try (LoomgateProcess loomgate = LoomgateProcess.launch(directory, options.toArray(String[]::new))) {
                Eventually.await(
                        () -> "the server: " + ours.read("all.log") + err(loomgate),
                        () -> Files.exists(socket)
                                && Files.readString(ours.place.resolve("all.log"))
                                        .contains("engine "));
                ours.ask(UnixDomainSocketAddress.of(socket));
                assertThat(loomgate.out()).isEmpty();
                assertThat(loomgate.err()).isEmpty();
            }
            for (String file : FILES) {
                assertThat(ours.read(file))
                        .as(file)
                        .isEqualTo(theirs.read(file))
                        .isNotEmpty();
            }
        }
    }

    private static String err(LoomgateProcess server) {
        try {
            return server.err();
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }
}
