package dev.loomgate.cli.process;

import dev.loomgate.cli.files.Reasons;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A socket that listens here and that other processes accept from.
public final class ListeningSocket implements AutoCloseable {
    private final int descriptor;
    private final @Nullable Path file;
    private boolean closed; // guarded by this

    private ListeningSocket(int descriptor, @Nullable Path file) {
        this.descriptor = descriptor;
        this.file = file;
    }

    /// Binds it. A unix socket's file that is there already is replaced, and everybody may connect to the new one.
    ///
    /// @param backlog how many connections wait at most
    /// @throws IOException if that isn't possible
    public static ListeningSocket bind(SocketAddress address, int backlog) throws IOException {
        Path file = address instanceof UnixDomainSocketAddress unix ? unix.getPath() : null;
        try {
            if (file != null && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
                Files.deleteIfExists(file);
            }
            ListeningSocket socket = new ListeningSocket(SocketCalls.listen(address, backlog), file);
            if (file != null) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
            }
            return socket;
        } catch (IOException e) {
            throw new IOException(Reasons.of(e), e);
        }
    }

    /// Its number in this process.
    public int descriptor() {
        return descriptor;
    }

    /// Waits until a connection can be accepted, or [#close].
    public void awaitConnection() throws IOException {
        SocketCalls.awaitReadable(descriptor);
    }

    /// Closes descriptors that were received with a message.
    public static void closeAll(List<Integer> descriptors) {
        descriptors.forEach(SocketCalls::closeQuietly);
    }

    /// Ends it for all processes that have it, and removes a unix socket's file.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        SocketCalls.shutDown(descriptor);
        SocketCalls.closeQuietly(descriptor);
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            return; // the user that this process has become may not remove it
        }
    }
}
