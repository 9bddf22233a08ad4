package dev.loomgate.server.listen;

import dev.loomgate.loop.io.NettyTransport;
import dev.loomgate.loop.settings.Transport;
import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.server.bind.SocketOwner;
import dev.loomgate.server.bind.UnixSocketFile;
import io.netty.channel.Channel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// A place while it is listened on, as the system wants it: resolved, and with the file of a unix socket.
///
/// Messages of its exceptions are lines for the operator. May block: not for a loop.
final class BoundPlace {
    private final Place place;
    private final SocketAddress socketAddress;
    private final @Nullable UnixSocketFile file;

    private BoundPlace(Place place, SocketAddress socketAddress, @Nullable UnixSocketFile file) {
        this.place = place;
        this.socketAddress = socketAddress;
        this.file = file;
    }

    /// Checks whether the place is available.
    ///
    /// @param owner of the file of a unix socket
    /// @throws IllegalArgumentException for a socket that is open already
    static BoundPlace prepare(Place place, Transport transport, int mode, SocketOwner owner) throws IOException {
        return switch (place) {
            case Place.Tcp tcp -> new BoundPlace(place, resolve(tcp), null);
            case Place.UnixPath unix -> {
                UnixSocketFile file = UnixSocketFile.prepare(unix.path(), mode, owner);
                yield new BoundPlace(place, NettyTransport.unixAddress(transport, file.bindPath()), file);
            }
            case Place.UnixAbstract unix -> {
                if (transport == Transport.NIO) {
                    throw new IOException(
                            place + ": the transport nio has no abstract sockets, epoll has; or take a path");
                }
                yield new BoundPlace(place, new DomainSocketAddress("\0" + unix.name()), null);
            }
            case Place.Inherited open -> throw new IllegalArgumentException(open + " is bound already");
        };
    }

    private static InetSocketAddress resolve(Place.Tcp tcp) throws IOException {
        InetSocketAddress address = tcp.host().isEmpty()
                ? new InetSocketAddress(tcp.port())
                : new InetSocketAddress(tcp.host(), tcp.port());
        if (address.isUnresolved()) {
            throw new IOException(tcp + ": the host " + tcp.host() + " is not known");
        }
        return address;
    }

    SocketAddress socketAddress() {
        return socketAddress;
    }

    /// Binds the channel, which is registered.
    void bind(Channel channel) throws IOException {
        Throwable failure = channel.bind(socketAddress).awaitUninterruptibly().cause();
        if (failure != null) {
            if (file != null) {
                file.abandon();
            }
            throw new IOException(place + ": " + reason(failure), failure);
        }
        if (file != null) {
            file.publish();
        }
    }

    private String reason(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        if (message.contains("in use")) {
            return "the address is in use, something listens there already";
        }
        if (message.contains("ermission denied")) {
            return place instanceof Place.Tcp tcp && tcp.port() < 1024
                    ? "permission denied; a port under 1024 needs privileges, use a higher one"
                    : "permission denied";
        }
        if (message.contains("assign requested address")) {
            return "no interface of this machine has that address";
        }
        return message;
    }

    /// The place with the port that the system has chosen.
    Place actual(Channel channel) {
        return place instanceof Place.Tcp tcp && channel.localAddress() instanceof InetSocketAddress local
                ? new Place.Tcp(tcp.host(), local.getPort())
                : place;
    }

    /// Takes the socket's file away, so that nobody finds the socket any more.
    void unlink() {
        if (file != null) {
            file.remove();
        }
    }
}
