package dev.loomgate.cli.options.values;

import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ListenAddress.Place;

/// Where to listen, as an option says it: a place, or the number of a shared socket.
public sealed interface SocketName {
    /// `127.0.0.1:8000`, `/run/app.sock`, `fd://3`.
    record At(Place place) implements SocketName {
        @Override
        public String toString() {
            return place.toString();
        }
    }

    /// `=0` is the first shared socket.
    record Shared(int number) implements SocketName {
        @Override
        public String toString() {
            return "=" + number;
        }
    }

    /// @throws IllegalArgumentException if the text is neither; the message says why in one line
    static SocketName of(String text) {
        if (!text.startsWith("=")) {
            return new At(ListenAddress.http(text).place());
        }
        String number = text.substring(1);
        if (!number.matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException(
                    "'" + text + "': the number of a shared socket stands after =, as in =0 for the first");
        }
        return new Shared(Integer.parseInt(number));
    }
}
