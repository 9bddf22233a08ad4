package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Processes;
import dev.loomgate.testkit.peers.Python;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// nginx on another machine than the server, as in two containers: each is in a network namespace of its own,
/// and a cable of two ends is between them. Run as root.
@Timeout(180)
class OtherMachineTest {
    private static final String PROGRAM = """
            def application(environ, start_response):
                start_response("200 OK", [("Content-Type", "text/plain")])
                return [b"hello " + environ["REMOTE_ADDR"].encode()]
            """;
    private static final String CONFIGURATION = """
            daemon off;
            worker_processes 1;
            user root;
            error_log DIRECTORY/error.log;
            pid DIRECTORY/nginx.pid;
            events { worker_connections 64; }
            http {
              access_log off;
              client_body_temp_path DIRECTORY/body;
              proxy_temp_path DIRECTORY/proxy;
              fastcgi_temp_path DIRECTORY/fastcgi;
              uwsgi_temp_path DIRECTORY/uwsgi;
              scgi_temp_path DIRECTORY/scgi;
              server {
                listen 127.0.0.1:8080;
                location / { include /etc/nginx/uwsgi_params; uwsgi_pass TARGET; }
              }
            }
            """;
    // Asks nginx until it is there.
    private static final String CLIENT = """
            import time, urllib.error, urllib.request
            for i in range(300):
                try:
                    print(urllib.request.urlopen("http://127.0.0.1:8080/", timeout=20).read().decode())
                    break
                except urllib.error.HTTPError as e:
                    print(e.code)
                    break
                except urllib.error.URLError:
                    time.sleep(0.1)
            """;

    @TempDir
    private Path directory;

    private final String server = "lgs" + ProcessHandle.current().pid();
    private final String client = "lgc" + ProcessHandle.current().pid();

    @BeforeEach
    void connect() throws Exception {
        Files.writeString(directory.resolve("app.py"), PROGRAM);
        for (String each : List.of(server, client)) {
            Processes.run("ip", "netns", "add", each);
            Processes.run("ip", "-n", each, "link", "set", "lo", "up");
        }
        Processes.run(
                "ip", "link", "add", "cable0", "netns", server, "type", "veth", "peer", "name", "cable1", "netns",
                client);
        Processes.run("ip", "-n", server, "link", "set", "cable0", "up");
        Processes.run("ip", "-n", client, "link", "set", "cable1", "up");
    }

    @AfterEach
    void disconnect() throws Exception {
        Processes.run("ip", "netns", "del", server);
        Processes.run("ip", "netns", "del", client);
    }

    private void addresses(String ofServer, String ofClient) throws Exception {
        Processes.run("ip", "-n", server, "address", "add", ofServer, "dev", "cable0");
        Processes.run("ip", "-n", client, "address", "add", ofClient, "dev", "cable1");
    }

    private LoomgateProcess start(String options) throws Exception {
        return LoomgateProcess.startByShell(
                directory,
                Map.of(),
                "exec ip netns exec %s \"$@\" --python %s -w app %s".formatted(server, Python.DEBIAN, options));
    }

    /// What a browser on nginx's machine gets.
    private String throughNginx(String target) throws Exception {
        Path configuration = Files.writeString(
                directory.resolve("nginx.conf"),
                CONFIGURATION.replace("DIRECTORY", directory.toString()).replace("TARGET", target));
        Process nginx = new ProcessBuilder(
                        "ip",
                        "netns",
                        "exec",
                        client,
                        "/usr/sbin/nginx",
                        "-e",
                        directory.resolve("error.log").toString(),
                        "-c",
                        configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("nginx.txt").toFile())
                .start();
        try {
            return Processes.run("ip", "netns", "exec", client, Python.DEBIAN, "-c", CLIENT);
        } finally {
            nginx.destroy();
            assertThat(nginx.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-s :3031", "--socket 0.0.0.0:3031", "--uwsgi-socket :3031 --allow-from private"})
    void nginxInAPrivateNetworkIsAnswered(String options) throws Exception {
        addresses("10.77.0.1/24", "10.77.0.2/24");
        try (LoomgateProcess loomgate = start(options)) {
            assertThat(loomgate.err()).contains("from other machines, only private may connect (--allow-from)");
            assertThat(throughNginx("10.77.0.1:3031")).isEqualTo("hello 127.0.0.1");
        }
    }

    @Test
    void nginxWithAPublicAddressIsRefusedAndTheLogSaysAtOnceWhatAllowsIt() throws Exception {
        addresses("203.0.113.1/24", "203.0.113.2/24");
        try (LoomgateProcess loomgate = start("-s :3031")) {
            assertThat(throughNginx("203.0.113.1:3031")).isEqualTo("403");
            loomgate.await(Pattern.compile("uwsgi: refused peer 203\\.0\\.113\\.2, which is neither local nor of an"
                    + " allowed network \\(--allow-from\\)"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"any", "203.0.113.2", "10.0.0.0/8,203.0.113.0/24"})
    void nginxWithAPublicAddressIsAnsweredIfItIsAllowed(String allowed) throws Exception {
        addresses("203.0.113.1/24", "203.0.113.2/24");
        try (LoomgateProcess loomgate = start("-s :3031 --allow-from " + allowed)) {
            assertThat(loomgate.isAlive()).isTrue();
            assertThat(throughNginx("203.0.113.1:3031")).isEqualTo("hello 127.0.0.1");
        }
    }

    @Test
    void httpIsForEverybody() throws Exception {
        addresses("203.0.113.1/24", "203.0.113.2/24");
        try (LoomgateProcess loomgate = start("--http-socket :8080")) {
            assertThat(loomgate.isAlive()).isTrue();
            String ask =
                    "import urllib.request; print(urllib.request.urlopen('http://203.0.113.1:8080/').read().decode())";
            assertThat(Processes.run("ip", "netns", "exec", client, Python.DEBIAN, "-c", ask))
                    .isEqualTo("hello 203.0.113.2");
        }
    }
}
