package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.SocketName;
import dev.loomgate.server.ListenAddress.Place;
import java.nio.file.Path;
import java.util.Optional;

/// Where something for operators listens, as an option says it: a place of its own, and no socket that is open already.
final class AdminPlace {
    private AdminPlace() {}

    /// The place; empty if none was given.
    ///
    /// @param directory what a relative path is relative to
    /// @throws IllegalArgumentException if the option names another kind of socket
    static Optional<Place> given(OptionValues values, Option<SocketName> option, Path directory) {
        return values.given(option).map(name -> place(option, name, directory));
    }

    private static Place place(Option<SocketName> option, SocketName name, Path directory) {
        if (name instanceof SocketName.At(Place.UnixPath(Path path))) {
            return new Place.UnixPath(directory.resolve(path));
        }
        if (name instanceof SocketName.At(Place place) && !(place instanceof Place.Inherited)) {
            return place;
        }
        throw new IllegalArgumentException(
                "%s %s: it is HOST:PORT, a path, or @NAME".formatted(option.longName(), name));
    }
}
