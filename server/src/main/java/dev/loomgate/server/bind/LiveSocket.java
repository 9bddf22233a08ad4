package dev.loomgate.server.bind;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Tells a unix socket on which a server listens from one that a dead server left behind.
final class LiveSocket {
    private LiveSocket() {}

    /// Whether somebody listens there.
    ///
    /// @throws AccessDeniedException if it can't be told for want of permission to connect
    static boolean answers(Path path) throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // Where the backlog is full, a blocking connect would wait, and this one is refused with EAGAIN.
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(path));
            return true;
        } catch (ConnectException dead) {
            return false;
        } catch (SocketException full) {
            if (!Files.isWritable(path)) {
                throw new AccessDeniedException(path.toString());
            }
            return true;
        }
    }
}
