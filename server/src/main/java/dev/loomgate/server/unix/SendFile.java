package dev.loomgate.server.unix;

import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FileRegion;
import io.netty.channel.epoll.LinuxSocket;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/// Sends part of a file into a socket, in the kernel where possible.
///
/// Netty's `sendfile` is package-private in its epoll transport; where a module system keeps us from it, the bytes
/// pass through memory instead.
final class SendFile {
    private static final @Nullable MethodHandle NETTY_SENDFILE = find();
    private static final int COPY_BYTES = 64 * 1024;

    private SendFile() {}

    private static @Nullable MethodHandle find() {
        try {
            return MethodHandles.privateLookupIn(LinuxSocket.class, MethodHandles.lookup())
                    .findVirtual(
                            LinuxSocket.class,
                            "sendFile",
                            MethodType.methodType(
                                    long.class, DefaultFileRegion.class, long.class, long.class, long.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /// Sends what the socket takes now of what is left of the file.
    ///
    /// @return the number of bytes; 0 if the socket takes none
    /// @throws IOException if the socket is broken
    static long send(FileRegion file, LinuxSocket socket) throws IOException {
        if (NETTY_SENDFILE != null && file instanceof DefaultFileRegion region) {
            region.open();
            long done = region.transferred();
            return sendfile(NETTY_SENDFILE, socket, region, done, region.count() - done);
        }
        return file.transferTo(new NonBlocking(socket), file.transferred());
    }

    private static long sendfile(MethodHandle netty, LinuxSocket socket, DefaultFileRegion region, long done, long left)
            throws IOException {
        try {
            return (long) netty.invokeExact(socket, region, region.position(), done, left);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException(e);
        }
    }

    /// The socket as a target that takes what it can take at once.
    private record NonBlocking(LinuxSocket socket) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer source) throws IOException {
            ByteBuffer direct = source;
            if (!source.isDirect()) {
                direct = ByteBuffer.allocateDirect(Math.min(source.remaining(), COPY_BYTES));
                direct.put(source.duplicate().limit(source.position() + direct.remaining()))
                        .flip();
            }
            int sent = socket.send(direct, direct.position(), direct.limit());
            source.position(source.position() + sent);
            return sent;
        }

        @Override
        public boolean isOpen() {
            return socket.isOpen();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
