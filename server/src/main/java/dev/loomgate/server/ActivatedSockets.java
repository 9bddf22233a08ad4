package dev.loomgate.server;

import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.server.ListenAddress.Protocol;
import dev.loomgate.server.listen.OpenSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// The sockets that systemd has opened for this process, and passes on to it (socket activation).
///
/// ```
///  LISTEN_PID=4711   the process that they are for
///  LISTEN_FDS=2      there are two: descriptors 3 and 4
/// ```
/// Source: sd_listen_fds(3).
public final class ActivatedSockets {
    private static final int FIRST = 3;

    private ActivatedSockets() {}

    /// Addresses to listen on, of which those that are open already are taken as they are. An open socket that none of
    /// them names is one more. May block.
    ///
    /// @param wanted what is to be listened on anyway
    /// @param others what is spoken on the sockets that are not among these
    /// @param environment this process's
    public static List<ListenAddress> joinedWith(
            List<ListenAddress> wanted, Protocol others, Map<String, String> environment) {
        int count = count(environment);
        if (count == 0) {
            return wanted;
        }
        List<ListenAddress> all = new ArrayList<>();
        wanted.forEach(address -> all.addAll(address.resolved()));
        IntStream.range(FIRST, FIRST + count)
                .mapToObj(Place.Inherited::new)
                .filter(open ->
                        wanted.stream().noneMatch(address -> address.place().equals(open)))
                .forEach(open -> join(all, open, others));
        return List.copyOf(all);
    }

    private static void join(List<ListenAddress> all, Place.Inherited open, Protocol others) {
        Optional<Place> place = place(open);
        for (int i = 0; i < all.size(); i++) {
            ListenAddress address = all.get(i);
            if (place.isPresent() && isSame(address.place(), place.get())) {
                all.set(i, new ListenAddress(address.protocol(), open));
                return;
            }
        }
        all.add(new ListenAddress(others, open));
    }

    private static int count(Map<String, String> environment) {
        String pid = environment.getOrDefault("LISTEN_PID", "");
        String count = environment.getOrDefault("LISTEN_FDS", "");
        boolean isForUs = pid.equals(Long.toString(ProcessHandle.current().pid()));
        return isForUs && count.matches("[0-9]{1,4}") ? Integer.parseInt(count) : 0;
    }

    // What can't be listened on is told when that is tried.
    private static Optional<Place> place(Place.Inherited open) {
        try {
            return Optional.of(OpenSocket.of(open.descriptor()).place());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean isSame(Place wanted, Place open) {
        return switch (wanted) {
            case Place.Tcp tcp -> open instanceof Place.Tcp other && isSame(tcp, other);
            case Place.UnixPath unix ->
                open instanceof Place.UnixPath other
                        && unix.path()
                                .toAbsolutePath()
                                .normalize()
                                .equals(other.path().toAbsolutePath().normalize());
            case Place.UnixAbstract unix -> unix.equals(open);
            case Place.Inherited inherited -> inherited.equals(open);
        };
    }

    private static boolean isSame(Place.Tcp wanted, Place.Tcp open) {
        if (wanted.port() != open.port()) {
            return false;
        }
        InetAddress host = new InetSocketAddress(wanted.host().isEmpty() ? "0.0.0.0" : wanted.host(), 0).getAddress();
        return host != null
                && (open.host().isEmpty()
                        ? host.isAnyLocalAddress()
                        : host.equals(new InetSocketAddress(open.host(), 0).getAddress()));
    }
}
