package dev.loomgate.cli.emperor;

import dev.loomgate.cli.process.ControlSocket;
import dev.loomgate.cli.process.ListeningSocket;
import dev.loomgate.server.ListenAddress.Place;
import java.util.ArrayList;
import java.util.List;

/// Sockets that listen, with the places that they are at, as they go from a vassal's process to the emperor and on
/// to the next process. The names go along because the system doesn't know that a unix socket's file has been renamed.
///
/// @param names of the places, in the order of the descriptors; absolute
/// @param descriptors in this process
record KeptSockets(List<String> names, List<Integer> descriptors) {
    static final KeptSockets NONE = new KeptSockets(List.of(), List.of());

    private static final String BETWEEN = "\0";

    KeptSockets {
        names = List.copyOf(names);
        descriptors = List.copyOf(descriptors);
    }

    /// Of a message.
    static KeptSockets of(ControlSocket.Received received) {
        List<String> names =
                received.text().isEmpty() ? List.of() : List.of(received.text().split(BETWEEN, -1));
        if (names.size() != received.descriptors().size()) {
            ListeningSocket.closeAll(received.descriptors()); // one was lost on the way, for want of descriptors
            return NONE;
        }
        return new KeptSockets(names, received.descriptors());
    }

    /// The text of a message with the descriptors.
    String text() {
        return String.join(BETWEEN, names);
    }

    /// With one more before them.
    KeptSockets after(String name, int descriptor) {
        List<String> allNames = new ArrayList<>(List.of(name));
        allNames.addAll(names);
        List<Integer> all = new ArrayList<>(List.of(descriptor));
        all.addAll(descriptors);
        return new KeptSockets(allNames, all);
    }

    /// What a place is called here.
    static String nameOf(Place place) {
        return place instanceof Place.UnixPath unix
                ? unix.path().toAbsolutePath().normalize().toString()
                : place.toString();
    }

    void close() {
        ListeningSocket.closeAll(descriptors);
    }
}
