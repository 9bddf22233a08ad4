package dev.loomgate.cli;

import dev.loomgate.server.Direct;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.stream.Collectors;

/// What a server that serves says of itself: a line for each address in the log, and one of all for service managers.
///
/// @param pythonApplications how many there are
/// @param workersEach how many workers each of them has, at most
record Announcement(Server server, ServerOptions options, int pythonApplications, int workersEach) {
    /// `loomgate 0.1.0 (JDK 25.0.3): http://127.0.0.1:8000, 2 loops, engine loop, transport epoll`.
    String line(ListenAddress address) {
        return "%s: %s, %d %s, engine %s, transport %s"
                        .formatted(
                                Version.line(),
                                url(address),
                                options.loops(),
                                options.loops() == 1 ? "loop" : "loops",
                                lowerCase(server.engine()),
                                lowerCase(options.transport()))
                + peers(address)
                + (pythonApplications == 0 ? "" : takers(address));
    }

    /// `http://127.0.0.1:8000, uwsgi:///run/shop.sock with 4 Python workers`.
    String summary() {
        String addresses = server.addresses().isEmpty()
                ? "no address"
                : server.addresses().stream().map(Announcement::url).collect(Collectors.joining(", "));
        return switch (pythonApplications) {
            case 0 -> addresses;
            case 1 -> "%s with %s".formatted(addresses, workers());
            default -> "%s with %d Python applications, %s each".formatted(addresses, pythonApplications, workers());
        };
    }

    private String workers() {
        return workersEach == 1 ? "1 Python worker" : workersEach + " Python workers";
    }

    private static String url(ListenAddress address) {
        return lowerCase(address.protocol()) + "://" + address;
    }

    /// Who may connect to an address at which not everybody may.
    private String peers(ListenAddress address) {
        boolean isOpen = address.protocol().bringsVariables()
                && address.place() instanceof ListenAddress.Place.Tcp
                && address.socketAddress() instanceof InetSocketAddress socket
                && !socket.getAddress().isLoopbackAddress();
        return isOpen
                ? "; from other machines, only %s may connect (--allow-from)"
                        .formatted(String.join(", ", options.allowFrom()))
                : "";
    }

    /// Who takes the connections of an address at which workers may do so.
    private String takers(ListenAddress address) {
        boolean uwsgi = address.protocol() == ListenAddress.Protocol.UWSGI;
        boolean http = address.protocol() == ListenAddress.Protocol.HTTP;
        if (!uwsgi && !http) {
            return "";
        }
        // Over HTTP the JVM is who one expects.
        boolean asked = uwsgi || options.direct() == Direct.ON;
        return server.whyNotDirect(address)
                .map(why -> asked ? "; the JVM takes its connections: %s (--direct)".formatted(why) : "")
                .orElse("; workers take its connections (--direct)");
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
