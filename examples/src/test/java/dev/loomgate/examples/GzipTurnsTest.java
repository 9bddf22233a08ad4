package dev.loomgate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.LocalServer;
import dev.loomgate.gateway.Status;
import dev.loomgate.toolkit.middleware.Gzip;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The loop that compresses a large body has time for others.
@Timeout(120)
class GzipTurnsTest {
    private static final int LARGE_BYTES = 100 << 20;
    private static final byte[] LARGE = new byte[LARGE_BYTES];

    private final CountDownLatch begun = new CountDownLatch(1);
    private final AtomicInteger piecesSent = new AtomicInteger();
    private final AtomicInteger piecesSentBefore = new AtomicInteger(-1);
    private volatile boolean otherIsThere;

    private Body large(Headers headers) {
        headers.set("Content-Type", "text/plain");
        begun.countDown();
        // Not a turn for anyone until the other request has come: only the compression can give it one.
        while (!otherIsThere) {
            Thread.onSpinWait();
        }
        return Body.bytes(LARGE);
    }

    private Body other() {
        piecesSentBefore.set(piecesSent.get());
        return Body.text("other");
    }

    private Body counted(Body body) {
        if (!(body instanceof Body.Chunks whole)) {
            return body;
        }
        Iterator<byte[]> chunks = whole.chunks();
        return Body.chunks(() -> new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return chunks.hasNext();
                    }

                    @Override
                    public byte[] next() {
                        piecesSent.incrementAndGet();
                        return chunks.next();
                    }
                })
                .onClose(whole.closing());
    }

    private static Socket ask(LocalServer server, String head) throws IOException {
        Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort());
        send(socket, head);
        return socket;
    }

    private static void send(Socket socket, String head) throws IOException {
        socket.getOutputStream().write((head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    @Test
    void anotherRequestIsAnsweredWhileALargeBodyIsCompressed() throws Exception {
        Application site = (environ, startResponse) -> {
            Headers headers = new Headers();
            Body body = environ.path().equals("/large") ? large(headers) : other();
            startResponse.start(Status.OK, headers);
            return body;
        };
        Application compressed = Gzip.of().wrap(site);
        try (LocalServer server = LocalServer.serve(
                        (environ, startResponse) -> counted(compressed.call(environ, startResponse)));
                Socket waiting = ask(server, "GET /other HTTP/1.1\r\nHost: a")) {
            assertThat(line(waiting.getInputStream())).isEqualTo("HTTP/1.1 200 OK");
            piecesSentBefore.set(-1);
            try (Socket large = ask(server, "GET /large HTTP/1.0\r\nAccept-Encoding: gzip")) {
                begun.await();
                send(waiting, "GET /other HTTP/1.1\r\nHost: a\r\nConnection: close");
                otherIsThere = true;
                InputStream in = large.getInputStream();
                while (!line(in).isEmpty()) {
                    // The head.
                }

                assertThat(new GZIPInputStream(in).transferTo(OutputStream.nullOutputStream()))
                        .isEqualTo(LARGE_BYTES);
                assertThat(new String(waiting.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .endsWith("other");
            }
        }
        assertThat(piecesSent.get()).isGreaterThan(1000);
        // Before the first one, where several threads run microthreads.
        assertThat(piecesSentBefore.get()).isBetween(0, piecesSent.get() / 2);
    }
}
