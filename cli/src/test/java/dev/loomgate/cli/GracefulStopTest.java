package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// SIGTERM while clients send requests without a pause: accepted requests are answered.
@Timeout(180)
@Tag("timing")
class GracefulStopTest {
    private static final int CLIENTS_OF_A_KIND = 8;
    private static final Duration LOAD_BEFORE = Duration.ofMillis(1500);

    @TempDir
    private static Path directory;

    private final Queue<String> lost = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();

    @RepeatedTest(2)
    void everyRequestThatWasAcceptedIsAnswered() throws Exception {
        Path socket = directory.resolve("stop.sock");
        try (LoomgateProcess demo =
                        LoomgateProcess.start(directory, "demo", "--http", "127.0.0.1:0", "-s", socket.toString());
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            URI uri = demo.uri("/");
            SocketAddress http = new InetSocketAddress(uri.getHost(), uri.getPort());
            SocketAddress uwsgi = UnixDomainSocketAddress.of(socket);
            List<Runnable> kinds = List.of(
                    () -> keepAlive(http, "/user"),
                    () -> keepAlive(http, "/"),
                    () -> oneByOne(http, http("/user", "close")),
                    () -> oneByOne(http, http("/", "close")),
                    () -> oneByOne(uwsgi, UwsgiPacket.request("GET", "/user").bytes()),
                    () -> oneByOne(uwsgi, UwsgiPacket.request("GET", "/").bytes()));
            for (Runnable kind : kinds) {
                for (int i = 0; i < CLIENTS_OF_A_KIND; i++) {
                    clients.execute(kind);
                }
            }
            Thread.sleep(LOAD_BEFORE);

            int status = demo.signal("TERM").status();
            clients.shutdown();

            assertThat(clients.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
            assertThat(status).as(demo.err()).isZero();
            assertThat(demo.err()).endsWith(" stopped\n");
            assertThat(lost).isEmpty();
            assertThat(demo.out().lines()).as("requests in the access log").hasSize(answered.get());
            assertThat(answered).hasValueGreaterThan(5 * CLIENTS_OF_A_KIND);
        }
    }

    private static byte[] http(String target, String connection) {
        return "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: %s\r\n\r\n"
                .formatted(target, connection)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /// A connection for each request, until nobody listens any more.
    private void oneByOne(SocketAddress server, byte[] request) {
        while (true) {
            try (RawClient client = connect(server)) {
                if (client == null) {
                    return;
                }
                client.send(request);
                count(client.receiveText(), server);
            } catch (IOException e) {
                lost.add(server + ": " + e);
                return;
            }
        }
    }

    /// Request after request on a connection, until the server says that it will close it.
    private void keepAlive(SocketAddress server, String target) {
        try (RawClient client = connect(server)) {
            if (client == null) {
                lost.add(server + ": no connection at the beginning");
                return;
            }
            String answer;
            do {
                client.send(http(target, "keep-alive"));
                answer = receiveOne(client);
                count(answer, server);
            } while (!answer.isEmpty() && !answer.contains("Connection: close\r\n"));
        } catch (IOException e) {
            lost.add(server + " keep-alive: " + e);
        }
    }

    private static RawClient connect(SocketAddress server) {
        try {
            return RawClient.connect(server, Duration.ofSeconds(60));
        } catch (IOException e) {
            return null; // refused: nobody listens any more
        }
    }

    /// A head and as much body as it says; empty if the connection ends before that.
    private static String receiveOne(RawClient client) throws IOException {
        StringBuilder answer = new StringBuilder();
        while (true) {
            int head = answer.indexOf("\r\n\r\n");
            if (head >= 0) {
                String length = answer.toString().replaceFirst("(?s).*\r\nContent-Length: ([0-9]+)\r\n.*", "$1");
                if (answer.length() >= head + 4 + Integer.parseInt(length)) {
                    return answer.toString();
                }
            }
            byte[] some = client.receive(4096);
            if (some.length == 0) {
                return "";
            }
            answer.append(new String(some, StandardCharsets.ISO_8859_1));
        }
    }

    private void count(String answer, SocketAddress server) {
        if (answer.startsWith("HTTP/1.") && answer.contains(" 200 OK\r\n") && answer.contains("\r\n\r\nHello ")) {
            answered.incrementAndGet();
        } else {
            lost.add(server + ": answered \"" + answer + "\"");
        }
    }
}
