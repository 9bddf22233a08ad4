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
                open("inside", "w").close()
                end = time.monotonic() + 60
                while uwsgi.listen_queue() < 2 and time.monotonic() < end:
                    time.sleep(0.01)
                start_response("200 OK", [])
                return [str((AT_IMPORT, uwsgi.listen_queue(0), uwsgi.listen_queue(1))).encode()]
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
                Eventually.await("the request", () -> Files.exists(directory.resolve("inside")));
                try (RawClient one = RawClient.connect(address);
                        RawClient two = RawClient.connect(address)) {
                    assertThat(one).isNotSameAs(two);
                    assertThat(asking.receiveText()).endsWith("\r\n\r\n(0, 2, 0)");
                }
            }
            assertThat(server.signal("TERM").status()).isZero();
        }
    }
}
