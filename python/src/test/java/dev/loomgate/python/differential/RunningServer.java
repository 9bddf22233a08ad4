package dev.loomgate.python.differential;

import java.io.IOException;
import java.net.SocketAddress;

/// A server that a contender has started. It speaks HTTP on a TCP address, the uwsgi protocol on a unix socket.
public interface RunningServer extends AutoCloseable {
    /// Where it listens.
    SocketAddress address();

    /// All that it and the application have said so far: its log, stdout and stderr.
    String log() throws IOException;

    @Override
    void close();
}
