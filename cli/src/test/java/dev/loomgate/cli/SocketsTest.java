package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import dev.loomgate.testkit.peers.Nginx;
import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Sockets as uWSGI's options ask for them, seen from outside. Run as root: it gives sockets away.
@Timeout(180)
class SocketsTest {
    private static final byte[] PACKET = UwsgiPacket.request("GET", "/").bytes();
    private static final byte[] REQUEST = "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    // Says what a worker has inherited.
    private static final String PROGRAM = """
            import os, resource
            def application(environ, start_response):
                start_response("200 OK", [("Content-Type", "text/plain")])
                mask = os.umask(0)
                os.umask(mask)
                return [b"umask %03o, files %d" % (mask, resource.getrlimit(resource.RLIMIT_NOFILE)[0])]
            """;
    // Plays systemd: opens the sockets, and becomes the server.
    private static final String SYSTEMD = """
            import os, socket, sys
            unix = socket.socket(socket.AF_UNIX)
            unix.bind(sys.argv[1])
            tcp = socket.socket()
            tcp.bind(("127.0.0.1", int(sys.argv[2])))
            for s in (unix, tcp):
                s.listen(16)
            copies = [os.dup(os.dup(s.fileno())) for s in (unix, tcp)]
            os.dup2(copies[0], 3)
            os.dup2(copies[1], 4)
            os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="2")
            os.execv(sys.argv[3], sys.argv[3:])
            """;

    @TempDir
    private Path directory;

    @BeforeEach
    void writeProgram() throws IOException {
        Files.writeString(directory.resolve("app.py"), PROGRAM);
    }

    private static String ask(SocketAddress address, byte[] request) throws IOException {
        try (RawClient client = RawClient.connect(address)) {
            return client.send(request).receiveText();
        }
    }

    private static String ids(Path file) throws IOException {
        return Files.getAttribute(file, "unix:uid") + ":" + Files.getAttribute(file, "unix:gid");
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static SocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static int announcedPort(LoomgateProcess loomgate, String protocol) throws Exception {
        return Integer.parseInt(loomgate.await(Pattern.compile(protocol + "://[^/,]*:([0-9]+),"))
                .group(1));
    }

    @Test
    void socketsOfAllKindsAreServedTogether() throws Exception {
        Path socket = directory.resolve("app.sock");
        try (LoomgateProcess loomgate = LoomgateProcess.start(
                directory,
                "--shared-socket",
                "127.0.0.1:0",
                "--http",
                "=0",
                "--http-socket",
                "@loomgate-" + System.nanoTime(),
                "--protocol",
                "http",
                "--socket",
                socket.toString(),
                "--uwsgi-socket",
                "0.0.0.0:0",
                "--python",
                Python.DEBIAN,
                "-w",
                "app")) {
            loomgate.await(Pattern.compile("uwsgi://.*only private may connect \\(--allow-from\\)"));
            assertThat(ask(local(announcedPort(loomgate, "http")), REQUEST)).contains("umask ");
            assertThat(ask(UnixDomainSocketAddress.of(socket), REQUEST)).contains("umask ");
            assertThat(ask(local(announcedPort(loomgate, "uwsgi")), PACKET)).contains("umask ");
            assertThat(loomgate.err()).contains("http://@loomgate-");
            assertThat(loomgate.signal("TERM").status()).isZero();
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void ownerModeAndMaskAreTheSocketsAndTheWorkers() throws Exception {
        Path socket = directory.resolve("app.sock");
        try (LoomgateProcess loomgate = LoomgateProcess.start(
                directory,
                "-s",
                socket.toString(),
                "--chown-socket",
                "www-data:adm",
                "--umask",
                "027",
                "--max-fd",
                "2000",
                "--python",
                Python.DEBIAN,
                "-w",
                "app")) {
            assertThat(loomgate.err()).contains("; workers take its connections (--direct)");
            assertThat(ids(socket)).isEqualTo("33:4");
            assertThat(mode(socket)).isEqualTo("rwxr-x---");
            assertThat(ask(UnixDomainSocketAddress.of(socket), PACKET)).contains("umask 027, files ");
        }
    }

    @Test
    void theDemonstrationHasTheMaskToo() throws Exception {
        Path socket = directory.resolve("demo.sock");
        try (LoomgateProcess loomgate =
                LoomgateProcess.start(directory, "demo", "-s", socket.toString(), "--umask", "077")) {
            assertThat(loomgate.isAlive()).isTrue();
            assertThat(mode(socket)).isEqualTo("rwx------");
            assertThat(Files.readString(Path.of("/proc/" + loomgate.pid() + "/status")))
                    .containsPattern("(?m)^Umask:\\s+0077$");
        }
    }

    /// Without that flag the JVM asks for the hard limit by itself.
    @Test
    void moreFilesAreAllowedThanBefore() throws Exception {
        try (LoomgateProcess loomgate = LoomgateProcess.startByShell(
                directory,
                Map.of("JDK_JAVA_OPTIONS", "-XX:-MaxFDLimit"),
                "ulimit -Sn 3000; ulimit -Hn 4000; exec \"$@\" --http 127.0.0.1:0 --max-fd 3500 --python %s -w app"
                        .formatted(Python.DEBIAN))) {
            assertThat(ask(local(announcedPort(loomgate, "http")), REQUEST)).contains("files 3500");
        }
    }

    @Test
    void socketsOfSystemdAreTakenByTheirNamesAndStayWhenTheServerEnds() throws Exception {
        Path socket = directory.resolve("app.sock");
        Path systemd = Files.writeString(directory.resolve("systemd.py"), SYSTEMD);
        int port = Nginx.freePort();
        try (LoomgateProcess loomgate = LoomgateProcess.startByShell(
                directory,
                Map.of(),
                "exec %s %s %s %d \"$@\" --http 127.0.0.1:%d --python %s -w app"
                        .formatted(Python.DEBIAN, systemd, socket, port, port, Python.DEBIAN))) {
            loomgate.await(Pattern.compile("uwsgi://" + socket + ", .*; workers take its connections"));
            assertThat(ask(local(port), REQUEST)).contains("umask ");
            assertThat(ask(UnixDomainSocketAddress.of(socket), PACKET)).contains("umask ");
            assertThat(loomgate.signal("TERM").status()).isZero();
        }
        assertThat(socket).exists();
    }

    private void assertRefused(String script, String line) throws Exception {
        try (LoomgateProcess loomgate = LoomgateProcess.launchByShell(directory, Map.of(), script)) {
            assertThat(loomgate.status()).as(script).isEqualTo(1);
            assertThat(loomgate.err().lines()).containsExactly(line);
        }
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.map(file -> file.getFileName().toString()).filter(name -> name.startsWith(".")))
                    .isEmpty();
        }
    }

    @Test
    void whatCannotBeIsOneLineAndStatus1() throws Exception {
        Path socket = directory.resolve("app.sock");
        String app = " --app dev.loomgate.examples.ArticleApplication";
        assertRefused(
                "exec \"$@\" -s " + socket + " --chown-socket nobody-here:adm" + app,
                "loomgate: --chown-socket \"nobody-here:adm\": there is no user nobody-here");
        assertRefused(
                "exec setpriv --bounding-set=-chown \"$@\" -s " + socket + " --chown-socket www-data" + app,
                "loomgate: can't listen on unix socket " + socket
                        + ": can't be given to www-data: Operation not permitted");
        assertRefused(
                "ulimit -n 3000; exec setpriv --bounding-set=-sys_resource \"$@\" --http :0 --max-fd 4000" + app,
                "loomgate: 4000 open files aren't allowed: this process may have 3000 at most (ulimit -Hn), root up to"
                        + " fs.nr_open (--max-fd)");
        assertRefused(
                "exec \"$@\" -s fd://77" + app,
                "loomgate: can't listen on fd://77: no socket was given with that number");
    }
}
