package dev.loomgate.bench.harness;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// WebSocket clients on one thread and one selector. Each sends a text and, as soon as it is back, the same
/// again; or one of them sends it, and again as soon as all have it. The frame is made once, and what comes is
/// compared with what must come, which makes this cheaper than any server that it loads.
///
/// ```
/// sent: 81 c0  37 fa 21 3d  64 bytes    (a text, whole, masked)
/// back: 81 40  64 bytes
/// ```
public final class EchoClients implements AutoCloseable {
    /// Bytes of a message; less than 126, so that its frame's length has one byte.
    public static final int MESSAGE = 64;

    static final String PATH = "/echo";

    private static final int OPCODE_TEXT = 0x81;
    private static final int MASKED = 0x80;
    private static final int MASK = 0x37fa213d;
    private static final long SILENCE_NANOS = 20_000_000_000L;

    private final Selector selector = Selector.open();
    private final List<Client> clients = new ArrayList<>();
    private final String path;

    /// What a second or more of echoes came to; `messages` are those that came back, to any of the clients.
    public record Echoes(long messages, double seconds, Percentiles millis) {}

    private EchoClients(String path) throws IOException {
        this.path = path;
    }

    /// Opens that many at `/echo`, one after the other.
    ///
    /// @throws IOException if one isn't accepted
    public static EchoClients open(int count, String host, int port) throws IOException {
        return open(count, host, port, PATH);
    }

    /// The same at another path.
    static EchoClients open(int count, String host, int port, String path) throws IOException {
        EchoClients opened = new EchoClients(path);
        try {
            opened.add(count, host, port);
            return opened;
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    /// Opens more.
    public void add(int count, String host, int port) throws IOException {
        for (int i = 0; i < count; i++) {
            clients.add(new Client(host, port, path));
        }
    }

    /// Echoes on all of them for so long.
    ///
    /// @throws IOException if one ends, gets anything else, or nothing at all comes for 20 seconds
    public Echoes run(long nanos) throws IOException {
        return run(nanos, Client::send, (client, now) -> client.send(now));
    }

    /// What the first of them says, the server sends to all: for so long.
    ///
    /// @throws IOException as [#run(long)]
    public Echoes broadcast(long nanos) throws IOException {
        Client first = clients.getFirst();
        int[] missing = {clients.size()};
        return run(
                nanos,
                (client, now) -> {
                    client.sent = now;
                    if (client == first) {
                        client.send(now);
                    }
                },
                (client, now) -> {
                    missing[0]--;
                    if (missing[0] == 0) {
                        missing[0] = clients.size();
                        clients.forEach(each -> each.sent = now);
                        first.send(now);
                    }
                });
    }

    private interface Step {
        void take(Client client, long now) throws IOException;
    }

    private Echoes run(long nanos, Step begin, Step gotIt) throws IOException {
        for (Client client : clients) {
            client.channel.configureBlocking(false);
            client.channel.register(selector, SelectionKey.OP_READ, client);
        }
        List<Double> millis = new ArrayList<>();
        long start = System.nanoTime();
        long last = start;
        for (Client client : clients) {
            begin.take(client, start);
        }
        long now = start;
        while (now - start < nanos) {
            selector.select(100);
            now = System.nanoTime();
            for (SelectionKey key : selector.selectedKeys()) {
                Client client = (Client) key.attachment();
                if (client.read()) {
                    millis.add((now - client.sent) / 1e6);
                    gotIt.take(client, now);
                    last = now;
                }
            }
            selector.selectedKeys().clear();
            if (now - last > SILENCE_NANOS) {
                throw new EOFException("no echo for 20 s");
            }
        }
        return new Echoes(millis.size(), (now - start) / 1e9, Percentiles.of(millis));
    }

    @Override
    public void close() throws IOException {
        for (Client client : clients) {
            client.channel.close();
        }
        selector.close();
    }

    private static byte letter(int i) {
        return (byte) ('a' + i % 26);
    }

    private static final class Client {
        private final SocketChannel channel;
        private final ByteBuffer frame = ByteBuffer.allocateDirect(6 + MESSAGE);
        private final ByteBuffer expected = ByteBuffer.allocate(2 + MESSAGE);
        private final ByteBuffer received = ByteBuffer.allocateDirect(2 + MESSAGE);
        private long sent;

        Client(String host, int port, String path) throws IOException {
            frame.put((byte) OPCODE_TEXT).put((byte) (MASKED | MESSAGE)).putInt(MASK);
            for (int i = 0; i < MESSAGE; i++) {
                frame.put((byte) (letter(i) ^ (MASK >>> (24 - 8 * (i % 4)))));
            }
            expected.put((byte) OPCODE_TEXT).put((byte) MESSAGE);
            for (int i = 0; i < MESSAGE; i++) {
                expected.put(letter(i));
            }
            expected.flip();
            channel = SocketChannel.open(new InetSocketAddress(InetAddress.ofLiteral(host), port));
            try {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                handshake(host + ":" + port, path);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        }

        private void handshake(String host, String path) throws IOException {
            String request = """
                    GET %s HTTP/1.1\r
                    Host: %s\r
                    Upgrade: websocket\r
                    Connection: Upgrade\r
                    Sec-WebSocket-Version: 13\r
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                    \r
                    """.formatted(path, host);
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            StringBuilder head = new StringBuilder();
            ByteBuffer one = ByteBuffer.allocate(1);
            while (head.indexOf("\r\n\r\n") < 0) {
                if (channel.read(one.clear()) < 0) {
                    throw new EOFException("closed instead of a handshake: " + head);
                }
                head.append((char) one.get(0));
            }
            String answer = head.toString();
            if (!answer.startsWith("HTTP/1.1 101 ")
                    || !answer.toLowerCase(Locale.ROOT).contains("s3pplmbitxaq9kygzzhzrbk+xoo=")) {
                throw new IOException(
                        "no handshake: " + answer.lines().findFirst().orElse(""));
            }
        }

        void send(long now) throws IOException {
            sent = now;
            frame.clear();
            channel.write(frame);
            if (frame.hasRemaining()) { // one message is on its way at most, and fits every socket's buffer
                throw new IOException("the socket took " + frame.position() + " bytes of a frame");
            }
        }

        /// Whether the message is back.
        boolean read() throws IOException {
            if (channel.read(received) < 0) {
                throw new EOFException("the server has closed a WebSocket");
            }
            if (received.hasRemaining()) {
                return false;
            }
            received.flip();
            if (!received.equals(expected)) {
                throw new IOException("another message came than was sent");
            }
            received.clear();
            expected.rewind();
            return true;
        }
    }
}
