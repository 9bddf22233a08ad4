package dev.loomgate.examples.events;

import dev.loomgate.testkit.client.Http2Frames;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// A client of one stream of events: sees all bytes that come, with what frames them. One thread.
final class EventClient implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int FIRST_STREAM = 1;

    private final RawClient client;
    private final StringBuilder seen = new StringBuilder();

    private EventClient(RawClient client) {
        this.client = client;
    }

    /// How a request comes to the server.
    enum Way {
        HTTP1 {
            @Override
            byte[] request(String path) {
                return ("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
            }
        },
        HTTP2 {
            @Override
            byte[] request(String path) {
                byte[] head = Http2Frames.frame(
                        Http2Frames.HEADERS,
                        Http2Frames.END_HEADERS | Http2Frames.END_STREAM,
                        FIRST_STREAM,
                        Http2Frames.head("GET", path));
                byte[] settings = Http2Frames.frame(Http2Frames.SETTINGS, 0, 0);
                byte[] preface = Http2Frames.PREFACE.getBytes(StandardCharsets.US_ASCII);
                byte[] all = new byte[preface.length + settings.length + head.length];
                System.arraycopy(preface, 0, all, 0, preface.length);
                System.arraycopy(settings, 0, all, preface.length, settings.length);
                System.arraycopy(head, 0, all, preface.length + settings.length, head.length);
                return all;
            }
        },
        UWSGI {
            @Override
            byte[] request(String path) {
                return UwsgiPacket.request("GET", path).bytes();
            }
        };

        abstract byte[] request(String path);
    }

    static EventClient ask(Way way, SocketAddress server, String path) throws IOException {
        return new EventClient(RawClient.connect(server, LIMIT).send(way.request(path)));
    }

    /// With HTTP/1.1, and further lines of the head, each with its end.
    static EventClient ask(SocketAddress server, String path, String fields) throws IOException {
        return new EventClient(
                RawClient.connect(server, LIMIT).send("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n"));
    }

    /// One that the kernel keeps little for.
    static EventClient slow(SocketAddress server, String path) throws IOException {
        return new EventClient(RawClient.connectWithSmallBuffer(server, LIMIT).send(Way.HTTP1.request(path)));
    }

    /// Reads until that has come.
    ///
    /// @return what came before it, and it; what follows is kept
    String until(String part) throws IOException {
        while (seen.indexOf(part) < 0) {
            byte[] some = client.receive(8192);
            if (some.length == 0) {
                throw new IOException("the stream ended before " + part + ": " + seen);
            }
            seen.append(new String(some, StandardCharsets.UTF_8));
        }
        int end = seen.indexOf(part) + part.length();
        String before = seen.substring(0, end);
        seen.delete(0, end);
        return before;
    }

    /// Reads to the end.
    String rest() throws IOException {
        return seen + client.receiveText();
    }

    /// Gives up the stream of HTTP/2, whose connection stays.
    void resetStream() throws IOException {
        client.send(Http2Frames.frame(Http2Frames.RST_STREAM, 0, FIRST_STREAM, (byte) 0, (byte) 0, (byte) 0, (byte) 8));
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
