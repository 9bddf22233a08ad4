package dev.loomgate.cli.process;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The C library's functions for sockets whose numbers have to be known, since they are given to other processes. With
/// Linux's numbers and layouts for pointers of 64 bits (socket(7), unix(7), cmsg(3)).
///
/// ```
///  msghdr   0 name  8 its length  16 iov  24 count  32 control  40 its length  48 flags
///  cmsghdr  0 length  8 level  12 type  16 descriptors, four bytes each
/// ```
final class SocketCalls {
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int STREAM = 1;
    private static final int SEQPACKET = 5;
    private static final int CLOSE_ON_EXEC = SystemCalls.CLOSE_ON_EXEC;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SCM_RIGHTS = 1;
    private static final int NO_SIGNAL = 0x4000;
    private static final int CLOSE_RECEIVED_ON_EXEC = 0x40000000;
    private static final int SHUT_BOTH = 2;
    private static final short POLLIN = 1;
    private static final int WITHOUT_END = -1;

    private static final int MESSAGE_BYTES = 56;
    private static final int RIGHTS_AT = 16;

    private SocketCalls() {}

    /// Two connected sockets that keep messages apart.
    static int[] pair() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment both = arena.allocate(ValueLayout.JAVA_INT, 2);
            SystemCalls.checked("socketpair", AF_UNIX, SEQPACKET | CLOSE_ON_EXEC, 0, both);
            return both.toArray(ValueLayout.JAVA_INT);
        }
    }

    static void send(int socket, int message, String more, List<Integer> descriptors) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = ("?" + more).getBytes(StandardCharsets.UTF_8);
            bytes[0] = (byte) message;
            MemorySegment text = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            MemorySegment header = header(arena, text, descriptors.size());
            if (!descriptors.isEmpty()) {
                MemorySegment control = arena.allocate(space(descriptors.size()), 8);
                control.set(ValueLayout.JAVA_LONG, 0, RIGHTS_AT + 4L * descriptors.size());
                control.set(ValueLayout.JAVA_INT, 8, SOL_SOCKET);
                control.set(ValueLayout.JAVA_INT, 12, SCM_RIGHTS);
                for (int i = 0; i < descriptors.size(); i++) {
                    control.set(ValueLayout.JAVA_INT, RIGHTS_AT + 4L * i, descriptors.get(i));
                }
                header.set(ValueLayout.ADDRESS, 32, control);
            }
            SystemCalls.checked("sendmsg", socket, header, NO_SIGNAL);
        }
    }

    /// Waits for a message.
    ///
    /// @return empty at the end
    static Optional<ControlSocket.Received> receive(int socket, int mostBytes, int mostDescriptors) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(mostBytes);
            MemorySegment header = header(arena, text, mostDescriptors);
            MemorySegment control = arena.allocate(space(mostDescriptors), 8);
            header.set(ValueLayout.ADDRESS, 32, control);
            int count = SystemCalls.checked("recvmsg", socket, header, CLOSE_RECEIVED_ON_EXEC);
            if (count == 0) {
                return Optional.empty();
            }
            List<Integer> descriptors = new ArrayList<>();
            if (header.get(ValueLayout.JAVA_LONG, 40) >= RIGHTS_AT
                    && control.get(ValueLayout.JAVA_INT, 12) == SCM_RIGHTS) {
                long end = control.get(ValueLayout.JAVA_LONG, 0);
                for (long at = RIGHTS_AT; at + 4 <= end; at += 4) {
                    descriptors.add(control.get(ValueLayout.JAVA_INT, at));
                }
            }
            byte[] bytes = text.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
            String more = new String(bytes, 1, count - 1, StandardCharsets.UTF_8);
            return Optional.of(new ControlSocket.Received(Byte.toUnsignedInt(bytes[0]), more, descriptors));
        }
    }

    private static MemorySegment header(Arena arena, MemorySegment text, int descriptors) {
        MemorySegment part = arena.allocate(16, 8);
        part.set(ValueLayout.ADDRESS, 0, text);
        part.set(ValueLayout.JAVA_LONG, 8, text.byteSize());
        MemorySegment header = arena.allocate(MESSAGE_BYTES, 8);
        header.set(ValueLayout.ADDRESS, 16, part);
        header.set(ValueLayout.JAVA_LONG, 24, 1);
        header.set(ValueLayout.JAVA_LONG, 40, descriptors == 0 ? 0 : space(descriptors));
        return header;
    }

    private static long space(int descriptors) {
        return RIGHTS_AT + (4L * descriptors + 7) / 8 * 8;
    }

    /// A socket that listens.
    static int listen(SocketAddress address, int backlog) throws IOException {
        byte[] text = bytes(address);
        int family = ByteBuffer.wrap(text).order(ByteOrder.nativeOrder()).getShort();
        int socket = SystemCalls.checked("socket", family, STREAM | CLOSE_ON_EXEC, 0);
        try (Arena arena = Arena.ofConfined()) {
            if (family != AF_UNIX) {
                MemorySegment on = arena.allocateFrom(ValueLayout.JAVA_INT, 1);
                SystemCalls.checked("setsockopt", socket, SOL_SOCKET, SO_REUSEADDR, on, 4);
            }
            SystemCalls.checked("bind", socket, arena.allocateFrom(ValueLayout.JAVA_BYTE, text), text.length);
            SystemCalls.checked("listen", socket, backlog);
            return socket;
        } catch (IOException e) {
            closeQuietly(socket);
            throw e;
        }
    }

    /// sockaddr_in, sockaddr_in6 or sockaddr_un.
    private static byte[] bytes(SocketAddress address) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(128).order(ByteOrder.nativeOrder());
        switch (address) {
            case UnixDomainSocketAddress unix -> {
                byte[] path = unix.getPath().toString().getBytes(StandardCharsets.UTF_8);
                if (path.length > 107) {
                    throw new IOException(unix + ": a unix socket's path has at most 107 bytes");
                }
                bytes.putShort((short) AF_UNIX).put(path).put((byte) 0);
            }
            case InetSocketAddress inet
            when !inet.isUnresolved() -> {
                byte[] host = inet.getAddress().getAddress();
                bytes.putShort((short) (host.length == 4 ? AF_INET : AF_INET6));
                bytes.put((byte) (inet.getPort() >> 8)).put((byte) inet.getPort());
                bytes.put(host.length == 4 ? host : new byte[4]);
                bytes.put(host.length == 4 ? new byte[8] : host);
                bytes.put(host.length == 4 ? new byte[0] : new byte[4]);
            }
            default -> throw new IOException(address + ": the host is not known");
        }
        byte[] text = new byte[bytes.position()];
        bytes.flip().get(text);
        return text;
    }

    /// Waits until a connection can be accepted, or the socket has been shut down.
    static void awaitReadable(int socket) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment watched = arena.allocate(8, 4);
            watched.set(ValueLayout.JAVA_INT, 0, socket);
            watched.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
            SystemCalls.checked("poll", watched, 1L, WITHOUT_END);
        }
    }

    /// Who waits for it is woken.
    static void shutDown(int socket) {
        try {
            SystemCalls.checked("shutdown", socket, SHUT_BOTH);
        } catch (IOException e) {
            return; // the other side has done it
        }
    }

    static void closeQuietly(int descriptor) {
        try {
            SystemCalls.close(descriptor);
        } catch (IOException e) {
            return; // it is closed all the same
        }
    }
}
