package dev.loomgate.cli.admin;

import dev.loomgate.server.ListenAddress.Place;
import java.util.Set;

/// A place that others than this machine may reach.
public final class OpenPlace {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1", "localhost");

    private OpenPlace() {}

    /// What the log says of a place where something may be read without a password; empty if it is on this machine
    /// alone.
    public static String warning(Place place) {
        return place instanceof Place.Tcp tcp && !LOOPBACK.contains(tcp.host())
                ? "; everybody who reaches this port may read them (on 127.0.0.1, only this machine)"
                : "";
    }
}
