package dev.loomgate.server.listen;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The connections of a listening TCP socket that nobody has accepted yet.
///
/// ```
///   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
///    0: 0100007F:1F90 00000000:0000 0A 00000000:00000003 00:00000000 00000000     0        0 12216 1 ...
/// ```
/// `st` 0A is a listening socket, and its `rx_queue` the number. Source: Linux, proc_net_tcp(5).
///
/// Reads files: not for a loop.
final class TcpQueue {
    private static final List<Path> SOCKETS = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final String LISTENING = "0A";
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final int QUEUES = 4;
    private static final int INODE = 9;

    private TcpQueue() {}

    /// How many there are now.
    ///
    /// @param descriptor of the listening socket, in this process
    /// @param port that it listens on
    /// @throws IOException if that can't be told here
    static int length(int descriptor, int port) throws IOException {
        String inode = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                .toString()
                .replaceAll("\\D", "");
        String end = ":%04X".formatted(port);
        for (Path sockets : SOCKETS) {
            if (!Files.exists(sockets)) {
                continue; // a kernel without IPv6
            }
            for (String line : Files.readAllLines(sockets, StandardCharsets.US_ASCII)) {
                String[] fields = line.strip().split(" +", -1);
                if (fields.length > INODE
                        && fields[STATE].equals(LISTENING)
                        && fields[LOCAL].endsWith(end)
                        && fields[INODE].equals(inode)) {
                    return Integer.parseInt(fields[QUEUES].substring(fields[QUEUES].indexOf(':') + 1), 16);
                }
            }
        }
        throw new IOException("%s have no line of port %d".formatted(SOCKETS, port));
    }
}
