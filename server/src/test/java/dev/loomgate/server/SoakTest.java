package dev.loomgate.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.loop.Loop;
import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.testkit.Processes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Nothing is left behind: neither after many requests nor after many that their clients gave up.
@Timeout(300)
class SoakTest {
    private static final int REQUESTS = 200_000;
    private static final int PIPELINED = 100;
    private static final int ABORTED = 10_000;
    private static final long TOLERATED_HEAP_BYTES = 4_000_000;

    private final AtomicInteger bodies = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private final Server server;
    private final int port;

    SoakTest() throws ServerStartException {
        server = Server.builder(this::application)
                .listen(ListenAddress.http("127.0.0.1:0"))
                .options(ServerOptions.builder().loops(1).accessLog(false).build())
                .start();
        port = ((Place.Tcp) server.addresses().getFirst().place()).port();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Body application(Environ environ, StartResponse startResponse) throws Exception {
        calls.incrementAndGet();
        startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
        Body body =
                switch (environ.path()) {
                    case "/echo" -> Body.bytes(environ.input().readAllBytes());
                    case "/slow" -> {
                        Loop.sleep(Duration.ofMillis(20));
                        yield Body.text("late");
                    }
                    case "/stream" ->
                        Body.stream(writer -> {
                            for (int i = 0; i < 1000; i++) {
                                writer.write(new byte[10_000]);
                            }
                        });
                    default -> Body.text("Hello world!");
                };
        bodies.incrementAndGet();
        return body.onClose(closed::incrementAndGet);
    }

    @Test
    void heapDescriptorsAndMicrothreadsAreFlatAfterManyRequests() throws Exception {
        requests(REQUESTS / 4); // classes, buffers, caches
        Footprint before = settled();

        requests(REQUESTS);

        settled().assertNoMoreThan(before);
    }

    @Test
    void heapDescriptorsAndMicrothreadsAreFlatAfterManyAbortedRequests() throws Exception {
        aborted(ABORTED / 5);
        Footprint before = settled();

        aborted(ABORTED);

        settled().assertNoMoreThan(before);
        assertThat(closed).as("each body is closed once").hasValue(bodies.get());
        assertThat(calls.get()).isGreaterThan(ABORTED / 5);
    }

    private void requests(int count) throws IOException {
        byte[] request =
                "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(PIPELINED).getBytes(US_ASCII);
        try (Socket client = connect()) {
            InputStream in = client.getInputStream();
            int length = 0;
            for (int done = 0; done < count; done += PIPELINED) {
                client.getOutputStream().write(request);
                if (length == 0) {
                    length = lengthOfResponse(in);
                    in.skipNBytes((long) length * (PIPELINED - 1));
                } else {
                    in.skipNBytes((long) length * PIPELINED);
                }
            }
        }
    }

    private static int lengthOfResponse(InputStream in) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf("Hello world!") < 0) {
            read.append((char) in.read());
        }
        return read.length();
    }

    private void aborted(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            try (Socket client = connect()) {
                String request =
                        switch (i % 5) {
                            case 0 -> "";
                            case 1 -> "GET / HTTP/1.1\r\nHos";
                            case 2 -> "GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n";
                            case 3 -> "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf of it";
                            default -> "GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n";
                        };
                client.getOutputStream().write(request.getBytes(US_ASCII));
                if (i % 5 == 4) {
                    client.getInputStream().skipNBytes(5_000);
                }
                // Every other one ends with a reset instead of an end.
                client.setSoLinger(i % 2 == 0, 0);
            }
        }
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    private record Footprint(long heapBytes, int descriptors) {
        void assertNoMoreThan(Footprint before) {
            assertThat(descriptors).as("open descriptors").isLessThanOrEqualTo(before.descriptors);
            assertThat(heapBytes).as("bytes of heap").isLessThan(before.heapBytes + TOLERATED_HEAP_BYTES);
        }
    }

    /// What is there once all connections and microthreads have ended.
    private Footprint settled() {
        await("microthreads", () -> server.dump().contains(": 0 microthreads"));
        await("connections", () -> connections() == 0);
        return new Footprint(heapAfterCollection(), Processes.descriptors());
    }

    private static void await(String what, BooleanSupplier over) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!over.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("%s end in time", what).isNegative();
            Thread.onSpinWait();
        }
    }

    private static long heapAfterCollection() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    /// The connections that still hold a descriptor of the server's.
    private long connections() {
        // From proc(5): local address, remote address, state; 01 is ESTABLISHED, 08 is CLOSE_WAIT.
        String held = " *\\d+: 0100007F:%04X \\S+ (01|08) .*".formatted(port);
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/net/tcp"))) {
            return lines.filter(line -> line.matches(held)).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
