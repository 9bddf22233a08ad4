package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.values.SocketName;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.server.ListenAddress.Protocol;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Makes addresses of what several options name. Used by one thread.
final class ListenPlaces {
    private static final Set<String> ALL_HOSTS = Set.of("", "0.0.0.0", "::");

    private final List<SocketName> shared;
    private final boolean abstractly;
    private final Path directory;
    private final Set<Integer> used = new HashSet<>();
    private final List<ListenAddress> all = new ArrayList<>();

    /// @param shared what can be named by its number
    /// @param abstractly whether unix sockets have no files
    /// @param directory that their paths are relative to
    ListenPlaces(List<SocketName> shared, boolean abstractly, Path directory) {
        this.shared = shared;
        this.abstractly = abstractly;
        this.directory = directory;
    }

    void add(Protocol protocol, Option<?> option, List<SocketName> names) {
        for (SocketName name : names) {
            all.add(new ListenAddress(protocol, place(option, name)));
        }
    }

    private Place place(Option<?> option, SocketName name) {
        Place place =
                switch (name) {
                    case SocketName.At at -> at.place();
                    case SocketName.Shared reference -> shared(option, reference);
                };
        if (place instanceof Place.UnixPath(Path path)) {
            return abstractly ? new Place.UnixAbstract(path.toString()) : new Place.UnixPath(directory.resolve(path));
        }
        return place;
    }

    private Place shared(Option<?> option, SocketName.Shared reference) {
        int number = reference.number();
        if (number >= shared.size()) {
            throw new IllegalArgumentException("%s %s: there are %d of --shared-socket, the first is =0"
                    .formatted(option.longName(), reference, shared.size()));
        }
        if (!used.add(number)) {
            throw new IllegalArgumentException(
                    "%s %s: another option has that shared socket already".formatted(option.longName(), reference));
        }
        if (shared.get(number) instanceof SocketName.At at) {
            return at.place();
        }
        throw new IllegalArgumentException("--shared-socket " + shared.get(number) + " is no address");
    }

    /// Throws unless the text names one of these addresses for uwsgi.
    void requireOwn(Option<?> option, String text) {
        Place target;
        try {
            target = ListenAddress.uwsgi(text).place();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(option.longName() + ": " + e.getMessage(), e);
        }
        boolean isOwn = all.stream()
                .filter(address -> address.protocol() == Protocol.UWSGI)
                .anyMatch(address -> reaches(target, address.place()));
        if (!isOwn) {
            throw new IllegalArgumentException(
                    "%s %s is no --socket of this server's: it passes no requests on to others,"
                                    .formatted(option.longName(), text)
                            + " nginx does that (uwsgi_pass)");
        }
    }

    private static boolean reaches(Place target, Place place) {
        if (target instanceof Place.Tcp to && place instanceof Place.Tcp at && ALL_HOSTS.contains(at.host())) {
            return to.port() == at.port();
        }
        return target.equals(place);
    }

    /// All of them, in the order in which they were added.
    List<ListenAddress> addresses(Option<?> option) {
        if (used.size() < shared.size()) {
            int unused = 0;
            while (used.contains(unused)) {
                unused++;
            }
            throw new IllegalArgumentException("%s %s is not used: name it by its number, as in --socket =%d"
                    .formatted(option.longName(), shared.get(unused), unused));
        }
        return List.copyOf(all);
    }
}
