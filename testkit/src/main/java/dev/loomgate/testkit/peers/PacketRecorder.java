package dev.loomgate.testkit.peers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A uwsgi server that keeps the bytes of each connection and says "ok": shows what nginx really sends.
///
/// A connection counts as read when `bodyBytes` have come after its packet.
public final class PacketRecorder implements AutoCloseable {
    private final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    private final BlockingQueue<byte[]> packets = new LinkedBlockingQueue<>();
    private final int bodyBytes;

    /// @param socket where to listen
    /// @param bodyBytes the length of each request's body
    public PacketRecorder(Path socket, int bodyBytes) throws IOException {
        this.bodyBytes = bodyBytes;
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(this::serve);
    }

    /// The bytes of the next connection.
    public byte[] next() throws InterruptedException {
        byte[] packet = packets.poll(20, TimeUnit.SECONDS);
        if (packet == null) {
            throw new AssertionError("no packet in 20 seconds");
        }
        return packet;
    }

    private void serve() {
        try {
            while (true) {
                try (SocketChannel connection = server.accept()) {
                    packets.add(read(connection));
                    connection.write(ByteBuffer.wrap(
                            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII)));
                }
            }
        } catch (ClosedChannelException e) {
            // The test is over.
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private byte[] read(SocketChannel connection) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteBuffer some = ByteBuffer.allocate(4096);
        while (missing(bytes.toByteArray()) && connection.read(some) >= 0) {
            bytes.write(some.array(), 0, some.position());
            some.clear();
        }
        return bytes.toByteArray();
    }

    private boolean missing(byte[] bytes) {
        return bytes.length < 4 || bytes.length < 4 + (bytes[1] & 0xff) + ((bytes[2] & 0xff) << 8) + bodyBytes;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
