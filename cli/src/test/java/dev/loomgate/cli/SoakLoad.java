package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Clients of all kinds at once: quick ones (wrk), ones that break off, and ones that read slowly.
final class SoakLoad {
    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in ");
    private static final Pattern FAULT = Pattern.compile("Non-2xx or 3xx responses: .*|Socket errors: .*");
    private static final int SLOW_READERS = 4;
    private static final int SLOW_BYTES = 1024;

    private final List<URI> quick;
    private final SocketAddress http;
    private final SocketAddress uwsgi;
    private final List<String> prefixes;
    final AtomicInteger brokenOff = new AtomicInteger();

    /// @param quick what wrk asks for
    /// @param prefixes of the applications, each with `/slow`, `/echo` and `/large`
    SoakLoad(List<URI> quick, SocketAddress http, SocketAddress uwsgi, List<String> prefixes) {
        this.quick = quick;
        this.http = http;
        this.uwsgi = uwsgi;
        this.prefixes = prefixes;
    }

    /// Loads for so many seconds; the others go on until wrk has ended.
    ///
    /// @return how many requests wrk got answers to: each of them, none of them an error
    long run(int seconds) throws Exception {
        List<Process> wrks = new ArrayList<>();
        for (URI uri : quick) {
            wrks.add(new ProcessBuilder("wrk", "-t1", "-c8", "-d" + seconds, "--timeout", "30s", uri.toString())
                    .redirectErrorStream(true)
                    .start());
        }
        BooleanSupplier goesOn = () -> wrks.stream().anyMatch(Process::isAlive);
        List<Thread> others = new ArrayList<>();
        for (String prefix : prefixes) {
            others.add(Thread.ofPlatform().start(() -> breakOff(prefix, goesOn)));
            others.add(Thread.ofPlatform().start(() -> readSlowly(prefix, goesOn)));
        }
        long requests = 0;
        for (Process wrk : wrks) {
            String said = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher count = REQUESTS.matcher(said);
            assertThat(count.find()).as(said).isTrue();
            assertThat(FAULT.matcher(said).find()).as(said).isFalse();
            requests += Long.parseLong(count.group(1));
            wrk.waitFor();
        }
        for (Thread other : others) {
            other.join();
        }
        return requests;
    }

    /// Connections that end before their request is complete, while it runs, or in the middle of its response.
    private void breakOff(String prefix, BooleanSupplier goesOn) {
        for (int i = 0; goesOn.getAsBoolean(); i++) {
            boolean overUwsgi = i % 2 == 1;
            try (SocketChannel client = SocketChannel.open(overUwsgi ? uwsgi : http)) {
                byte[] request = overUwsgi ? packet(prefix, i / 2 % 4) : text(prefix, i / 2 % 4);
                client.write(ByteBuffer.wrap(request));
                if (i / 2 % 4 == 3) {
                    client.read(ByteBuffer.allocate(2000));
                }
                if (!overUwsgi && i % 4 == 0) {
                    client.setOption(StandardSocketOptions.SO_LINGER, 0); // a reset
                }
                brokenOff.incrementAndGet();
            } catch (IOException e) {
                // It is the server's right to end such a connection first.
            }
            pause(5);
        }
    }

    private static byte[] text(String prefix, int kind) {
        String request =
                switch (kind) {
                    case 0 -> "GET %s/ HTTP/1.1\r\nHos";
                    case 1 -> "GET %s/slow HTTP/1.1\r\nHost: a\r\n\r\n";
                    case 2 -> "POST %s/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf of it";
                    default -> "GET %s/large HTTP/1.1\r\nHost: a\r\n\r\n";
                };
        return request.formatted(prefix).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] packet(String prefix, int kind) {
        return switch (kind) {
            case 0 -> UwsgiPacket.request("GET", prefix + "/").claimSize(2000).bytes();
            case 1 -> UwsgiPacket.request("GET", prefix + "/slow").bytes();
            case 2 ->
                UwsgiPacket.request("POST", prefix + "/echo")
                        .with("CONTENT_LENGTH", "100")
                        .trailing("half of it".getBytes(StandardCharsets.US_ASCII))
                        .bytes();
            default -> UwsgiPacket.request("GET", prefix + "/large").bytes();
        };
    }

    /// Connections that take their response a kilobyte at a time, a few times a second.
    private void readSlowly(String prefix, BooleanSupplier goesOn) {
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < SLOW_READERS; i++) {
                clients.add(RawClient.connect(http).send(text(prefix, 3)));
            }
            while (goesOn.getAsBoolean()) {
                for (RawClient client : clients) {
                    client.receive(SLOW_BYTES);
                }
                pause(250);
            }
        } catch (IOException e) {
            throw new AssertionError("a slow reader's connection ended: " + e, e);
        } finally {
            for (RawClient client : clients) {
                close(client);
            }
        }
    }

    private static void close(RawClient client) {
        try {
            client.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void pause(int millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
