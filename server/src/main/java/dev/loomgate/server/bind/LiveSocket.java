package dev.loomgate.server.bind;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/// Tells a unix socket on which a server listens from one that a dead server left behind.
final class LiveSocket {
    private LiveSocket() {}

    /// Whether somebody listens there.
    ///
    /// @throws IOException if it can't be told, as without permission to connect
    static boolean answers(Path path) throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // A full backlog would make a blocking connect wait; a non-blocking one is then refused with EAGAIN, which
            // is no ConnectException: only a dead socket has that.
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(path));
            return true;
        } catch (ConnectException e) {
            return false;
        }
    }
}
