package dev.loomgate.cli;

import dev.loomgate.cli.emperor.EmperorLink;
import dev.loomgate.loop.settings.Transport;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.server.ListenAddress.Protocol;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerStartException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// What a server does besides serving that is an emperor's vassal. Used by the thread that starts it.
///
/// @param others what is spoken on a socket that the emperor has made
/// @param heartbeat how often it tells that all is well; zero for never
record VassalRole(EmperorLink emperor, Protocol others, Duration heartbeat) {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    /// Waits until it may start.
    ///
    /// @return where to listen
    List<ListenAddress> begin(List<ListenAddress> wanted, Transport transport) throws ServerStartException {
        emperor.awaitTurn();
        return emperor.joinedWith(wanted, others, transport == Transport.EPOLL);
    }

    /// The emperor's order stops the server from now on.
    void endBy(Signals signals) {
        emperor.onEnd(end -> {
            if (end == EmperorLink.End.AT_ONCE) {
                signals.stop(new Signals.Stop(end.words(), true));
            } else {
                signals.stopBecause(end.words());
            }
        });
    }

    /// The server serves.
    void serves(Server server) {
        emperor.serves(server.addresses(), server.openSockets(), heartbeat);
    }

    /// The server is about to stop.
    void stops(Server server) {
        if (emperor.endsForAnother()) {
            server.shareSockets();
        }
    }

    /// The server has stopped. The files of unix sockets that it had from the process before it are its own to remove.
    void stopped(List<ListenAddress> addresses) {
        if (emperor.endsForAnother()) {
            return;
        }
        addresses.stream()
                .flatMap(address ->
                        address.place() instanceof Place.Inherited open && open.known() instanceof Place.UnixPath unix
                                ? Stream.of(unix.path())
                                : Stream.empty())
                .forEach(VassalRole::remove);
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.log(Level.INFO, "{0} is left behind: {1}", file, e.getMessage());
        }
    }
}
