package dev.loomgate.server.direct;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.direct.DirectApplication;
import dev.loomgate.gateway.direct.DirectLimits;
import dev.loomgate.gateway.direct.SharedSocket;
import dev.loomgate.testkit.Eventually;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The processes of a direct application, played by the test: it accepts on the server's real socket, and reads.
public final class FakeProcesses implements DirectApplication {
    private static final int NO_CONNECTION = -1;

    private final Application inServer;
    private final SharedSocket.Takers atFirst;
    private List<SharedSocket> sockets = List.of();
    private @Nullable DirectLimits limits;

    final AtomicInteger running = new AtomicInteger();
    final AtomicLong taken = new AtomicLong();
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger stops = new AtomicInteger();
    final List<Boolean> rooms = new CopyOnWriteArrayList<>();
    private String whyNot = "";
    private boolean http;

    /// @param inServer what the server calls for connections of its own
    /// @param atFirst what the server is told before it accepts
    public FakeProcesses(Application inServer, SharedSocket.Takers atFirst) {
        this.inServer = inServer;
        this.atFirst = atFirst;
    }

    /// They can't serve directly.
    public FakeProcesses cannot(String why) {
        whyNot = why;
        return this;
    }

    /// They speak HTTP, too.
    public FakeProcesses speakingHttp() {
        http = true;
        return this;
    }

    @Override
    public Optional<String> whyNotDirectHttp() {
        return http ? Optional.empty() : DirectApplication.super.whyNotDirectHttp();
    }

    @Override
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        return inServer.call(environ, startResponse);
    }

    @Override
    public Optional<String> whyNotDirect() {
        return Optional.of(whyNot).filter(why -> !why.isEmpty());
    }

    @Override
    public void serveDirectly(List<SharedSocket> all, DirectLimits itsLimits) {
        sockets = List.copyOf(all);
        limits = itsLimits;
        sockets.forEach(socket -> socket.takenBy(atFirst));
    }

    @Override
    public void stopDirect() {
        stops.incrementAndGet();
    }

    @Override
    public void serverHasRoom(boolean room) {
        rooms.add(room);
    }

    @Override
    public int directConnections() {
        return connections.get();
    }

    @Override
    public int directRequests() {
        return running.get();
    }

    @Override
    public long directAccepted() {
        return taken.get();
    }

    /// The sockets that they were given.
    public List<SharedSocket> sockets() {
        return sockets;
    }

    /// The limits that they were given; null before that.
    public @Nullable DirectLimits limits() {
        return limits;
    }

    SharedSocket socket() {
        return sockets.getFirst();
    }

    /// Accepts a connection. It waits for one.
    int accept() throws Exception {
        LinuxSocket listening = LinuxSocket.newSocket(socket().descriptor());
        AtomicInteger connection = new AtomicInteger(NO_CONNECTION);
        Eventually.await("a connection", () -> {
            connection.set(listening.accept(new byte[128]));
            return connection.get() != NO_CONNECTION;
        });
        taken.incrementAndGet();
        return connection.get();
    }

    /// Reads once what is there, and waits for it if it is to be more than nothing.
    static byte[] read(int connection, int most) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocateDirect(Math.max(1, most));
        FileDescriptor descriptor = new FileDescriptor(connection);
        Eventually.await("bytes", () -> most == 0 || descriptor.read(bytes, bytes.position(), bytes.limit()) > 0);
        // Netty doesn't move the buffer's position.
        byte[] read = new byte[most];
        bytes.get(0, read);
        return read;
    }

    /// Accepts a connection on which nothing is yet, and hands it over.
    void takeSilent() throws Exception {
        socket().handOver(accept(), new byte[0], null);
    }

    /// Accepts a connection whose packet is this one, reads it, and hands it over.
    void takeAndHandOver(byte[] packet, @Nullable Begun begun) throws Exception {
        int connection = accept();
        byte[] read = read(connection, packet.length);
        if (!Arrays.equals(read, packet)) {
            throw new IOException("another packet than was sent");
        }
        socket().handOver(connection, read, begun);
    }
}
