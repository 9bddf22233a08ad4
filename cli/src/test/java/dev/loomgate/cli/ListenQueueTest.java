package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import dev.loomgate.testkit.peers.Python;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A program asks how many connections wait to be accepted. What else the function answers, UwsgiModuleAsThereTest
/// compares with uWSGI's.
@Timeout(120)
class ListenQueueTest {
    private static final String PROGRAM = """
            import time
            import uwsgi

            AT_IMPORT = uwsgi.listen_queue(7)

            def application(environ, start_response):
                end = time.monotonic() + 60
                seen = 0
                while seen == 0 and time.monotonic() < end:
                    seen = uwsgi.listen_queue()
                start_response("200 OK", [])
                return [str((AT_IMPORT, seen > 0, uwsgi.listen_queue(1))).encode()]
            """;

    @TempDir
    private Path directory;

    @Test
    void connectionsWaitWhileTheOnlyWorkerIsBusy() throws Exception {
        Files.writeString(directory.resolve("asking.py"), PROGRAM);
        String[] options = {"--python", Python.DEBIAN, "-s", "sock", "-s", "other", "-w", "asking"};
        try (LoomgateProcess server = LoomgateProcess.start(directory, options)) {
            SocketAddress address = UnixDomainSocketAddress.of(directory.resolve("sock"));
            try (RawClient asking = RawClient.connect(address)) {
                asking.send(UwsgiPacket.request("GET", "/").bytes());
                // The server takes them itself when they have waited for some time.
                List<RawClient> others = new ArrayList<>();
                try {
                    Eventually.await("a connection that waits", () -> {
                        others.add(RawClient.connect(address));
                        return asking.arrives(Duration.ofMillis(50));
                    });
                    assertThat(asking.receiveText()).endsWith("\r\n\r\n(0, True, 0)");
                } finally {
                    for (RawClient other : others) {
                        other.close();
                    }
                }
            }
            assertThat(server.signal("TERM").status()).isZero();
        }
    }
}
