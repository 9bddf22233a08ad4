package dev.loomgate.testkit.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// A connection over TCP or a unix socket that sends exactly what it is told and shows exactly what comes back.
/// Every call has a deadline: a server that says nothing is an exception, not a test that hangs. One thread may
/// send while another receives.
public final class RawClient implements AutoCloseable {
    private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(20);
    private static final int SMALL_BUFFER = 4096;

    private final SocketChannel channel;
    private final Selector readable;
    private final Selector writable;
    private final Duration limit;

    private RawClient(SocketChannel channel, Duration limit) throws IOException {
        this.channel = channel;
        this.readable = Selector.open();
        this.writable = Selector.open();
        this.limit = limit;
        channel.register(readable, SelectionKey.OP_READ);
        channel.register(writable, SelectionKey.OP_WRITE);
    }

    /// @param server an `InetSocketAddress` or a `UnixDomainSocketAddress`
    public static RawClient connect(SocketAddress server) throws IOException {
        return connect(server, DEFAULT_LIMIT);
    }

    /// @param limit for each call
    public static RawClient connect(SocketAddress server, Duration limit) throws IOException {
        return connect(server, limit, 0);
    }

    /// A connection for which the kernel keeps little of what comes and hasn't been received.
    public static RawClient connectWithSmallBuffer(SocketAddress server, Duration limit) throws IOException {
        return connect(server, limit, SMALL_BUFFER);
    }

    private static RawClient connect(SocketAddress server, Duration limit, int bufferBytes) throws IOException {
        SocketChannel channel = server instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open();
        try {
            if (bufferBytes > 0) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, bufferBytes); // before it connects: TCP's window
            }
            channel.connect(server);
            channel.configureBlocking(false);
            if (server instanceof InetSocketAddress) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            return new RawClient(channel, limit);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /// Sends all of it.
    public RawClient send(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long deadline = System.nanoTime() + limit.toNanos();
        while (buffer.hasRemaining()) {
            if (channel.write(buffer) == 0) {
                await(writable, deadline, "taken the " + buffer.remaining() + " bytes left to send");
            }
        }
        return this;
    }

    /// Sends text as latin-1.
    public RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// Sends a byte at a time, each in a write of its own.
    public RawClient sendOneByOne(byte[] bytes) throws IOException {
        for (byte one : bytes) {
            send(new byte[] {one});
        }
        return this;
    }

    /// Says that nothing more will be sent.
    public RawClient endOutput() throws IOException {
        channel.shutdownOutput();
        return this;
    }

    /// The next bytes that come, at least one and at most `most`; empty where the server has ended its side.
    public byte[] receive(int most) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(most);
        long deadline = System.nanoTime() + limit.toNanos();
        while (channel.read(buffer) == 0) {
            await(readable, deadline, "sent anything");
        }
        byte[] received = new byte[buffer.position()];
        buffer.flip().get(received);
        return received;
    }

    /// Whether anything, or the end, comes within that time.
    public boolean arrives(Duration within) throws IOException {
        boolean arrived = readable.select(within.toMillis()) > 0;
        readable.selectedKeys().clear();
        return arrived;
    }

    /// Everything until the server ends its side.
    public byte[] receiveAll() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] some = receive(65536); some.length > 0; some = receive(65536)) {
            all.writeBytes(some);
        }
        return all.toByteArray();
    }

    /// Everything until the server ends its side, as latin-1.
    public String receiveText() throws IOException {
        return new String(receiveAll(), StandardCharsets.ISO_8859_1);
    }

    private void await(Selector ready, long deadline, String what) throws IOException {
        long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
        if (leftMillis <= 0) {
            throw new SocketTimeoutException("after " + limit + " the peer hasn't " + what);
        }
        ready.select(leftMillis);
        ready.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
            throw new ClosedByInterruptException(); // a further wait would not be one
        }
    }

    /// Closes a TCP connection by a reset: the server can't answer any more.
    public void reset() throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        close();
    }

    /// Closes at once; what hasn't been read is lost, and the server may see a reset.
    @Override
    public void close() throws IOException {
        readable.close();
        writable.close();
        channel.close();
    }
}
