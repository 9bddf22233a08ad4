package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.cli.ctl.CtlCommand;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.HttpPeer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server that leaves its load balancer: `--drain-delay`, `ctl drain`. [ClusterTest] has load balancers.
@Timeout(120)
class DrainTest {
    private static final String REQUEST = "GET /user HTTP/1.1\r\nHost: localhost\r\n\r\n";

    @TempDir
    private Path directory;

    private LoomgateProcess demo(String name, String address, String... more) throws Exception {
        String[] fixed = {"demo", "--http", address, "--metrics", name + ".m", "--control", name + ".c", "-L"};
        String[] all = new String[fixed.length + more.length];
        System.arraycopy(fixed, 0, all, 0, fixed.length);
        System.arraycopy(more, 0, all, fixed.length, more.length);
        LoomgateProcess server = LoomgateProcess.start(directory, all);
        Eventually.await("it takes commands", () -> Files.exists(directory.resolve(name + ".c")));
        return server;
    }

    private MetricsPages pages(String name) {
        return new MetricsPages(UnixDomainSocketAddress.of(directory.resolve(name + ".m")));
    }

    private String said(String name, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        String[] args = new String[words.length + 2];
        args[0] = "--control";
        args[1] = directory.resolve(name + ".c").toString();
        System.arraycopy(words, 0, args, 2, words.length);
        assertThat(CtlCommand.commandLine(print, print).execute(args))
                .as(out.toString(StandardCharsets.UTF_8))
                .isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aStopGoesOnAcceptingForTheDelayWhileItIsNotReady() throws Exception {
        MetricsPages pages = pages("a");
        try (LoomgateProcess server = demo("a", "127.0.0.1:0", "--drain-delay", "3s");
                HttpPeer open = HttpPeer.to(server.address())) {
            assertThat(open.send(REQUEST).answer().status()).isEqualTo(200);
            assertThat(pages.health("/-/ready")).isEqualTo("200");
            long begun = System.nanoTime();
            server.signal("TERM");
            Eventually.await("it isn't ready", () -> pages.health("/-/ready").equals("503 the server stops"));
            assertThat(pages.health("/-/live")).isEqualTo("200");

            assertThat(open.send(REQUEST).answer().field("connection")).isNotEqualTo("close");
            try (HttpPeer late = HttpPeer.to(server.address())) {
                assertThat(late.send(REQUEST).answer().status()).isEqualTo(200);
            }
            assertThat(said("a", "status")).contains("connections");

            assertThat(server.status()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofSeconds(3));
            assertThat(server.err())
                    .contains("SIGTERM: not ready from now on; connections are accepted for 3 s more (--drain-delay)")
                    .endsWith(" stopped\n");
        }
    }

    @Test
    void ctlDrainHasClientsGoAndIsUndone() throws Exception {
        MetricsPages pages = pages("a");
        try (LoomgateProcess server = demo("a", "127.0.0.1:0", "--drain-delay", "300ms")) {
            assertThat(said("a", "drain")).contains("not ready any more");
            assertThat(pages.health("/-/ready")).isEqualTo("503 the server drains (ctl drain)");
            assertThat(pages.health("/-/live")).isEqualTo("200");
            assertThat(said("a", "status")).containsPattern("draining +true");
            Eventually.await("connections are asked to end", () -> isAskedToEnd(server));

            assertThat(said("a", "undrain")).contains("ready again");
            assertThat(pages.health("/-/ready")).isEqualTo("200");
            assertThat(isAskedToEnd(server)).isFalse();
            server.await(Pattern.compile("loomgate ctl: ready again"));

            said("a", "drain");
            said("a", "drain", "--stop");
            assertThat(server.status()).isZero();
        }
    }

    private static boolean isAskedToEnd(LoomgateProcess server) throws Exception {
        try (HttpPeer peer = HttpPeer.to(server.address())) {
            HttpPeer.Answer answer = peer.send(REQUEST).answer();
            assertThat(answer.status()).isEqualTo(200);
            return answer.field("connection").equals("close");
        }
    }

    @Test
    void aTimeThatIsNoneIsRefused() throws Exception {
        try (LoomgateProcess server =
                LoomgateProcess.launch(directory, "demo", "--http", "127.0.0.1:0", "--drain-delay", "soon")) {
            assertThat(server.status()).isEqualTo(2);
            assertThat(server.err()).contains("--drain-delay");
        }
    }
}
