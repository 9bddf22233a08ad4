package dev.loomgate.server.listen;

import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.server.unix.ReceivedSocket;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/// A socket that listened before this program began, and that it was given by its descriptor: systemd does that.
///
/// It is shared with who gave it, and goes on after this program has ended. So nothing is done to it that would last.
/// Source: sd_listen_fds(3), socket(7).
public final class OpenSocket {
    // socket(7), Linux's numbers
    private static final int SOL_SOCKET = 1;
    private static final int SO_TYPE = 3;
    private static final int SO_ACCEPTCONN = 30;
    private static final int SO_DOMAIN = 39;
    private static final int SOCK_STREAM = 1;
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    private final Socket socket;
    private final int family;

    private OpenSocket(Socket socket, int family) {
        this.socket = socket;
        this.family = family;
    }

    /// Looks what is behind a descriptor of this process. Needs a system with epoll.
    ///
    /// @throws IOException if no listening TCP or unix socket is; the message is a line for the operator
    public static OpenSocket of(int descriptor) throws IOException {
        if (!Epoll.isAvailable()) {
            throw new IOException("fd://%d: open sockets can't be taken without epoll".formatted(descriptor));
        }
        Socket socket;
        int type;
        int family;
        boolean listens;
        try {
            socket = new Socket(descriptor);
            type = socket.getIntOpt(SOL_SOCKET, SO_TYPE);
            family = socket.getIntOpt(SOL_SOCKET, SO_DOMAIN);
            listens = socket.getIntOpt(SOL_SOCKET, SO_ACCEPTCONN) != 0;
        } catch (IOException | ChannelException e) {
            throw new IOException("fd://%d: no socket was given with that number".formatted(descriptor), e);
        }
        if (type != SOCK_STREAM || !(family == AF_UNIX || family == AF_INET || family == AF_INET6)) {
            throw new IOException("fd://%d: it is no TCP and no unix stream socket".formatted(descriptor));
        }
        if (!listens) {
            throw new IOException("fd://%d: the socket doesn't listen".formatted(descriptor));
        }
        return new OpenSocket(socket, family);
    }

    public boolean isUnix() {
        return family == AF_UNIX;
    }

    /// Where it is bound.
    public Place place() {
        if (!isUnix()) {
            InetSocketAddress local = socket.localAddress();
            return new Place.Tcp(
                    local.getAddress().isAnyLocalAddress()
                            ? ""
                            : local.getAddress().getHostAddress(),
                    local.getPort());
        }
        DomainSocketAddress local = socket.localDomainSocketAddress();
        String path = local == null ? "" : local.path();
        return path.startsWith("\0")
                ? new Place.UnixAbstract(path.substring(1))
                : new Place.UnixPath(Path.of(path.isEmpty() ? "?" : path));
    }

    /// Makes it one that a loop can wait for, and that connections wait for in a queue of that length.
    void prepare(int backlog) throws IOException {
        ReceivedSocket.makeFit(socket.intValue());
        socket.listen(backlog);
    }
}
