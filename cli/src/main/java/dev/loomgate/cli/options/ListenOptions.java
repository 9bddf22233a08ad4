package dev.loomgate.cli.options;

import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ServerOptions;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/// Where to listen, and who may connect.
final class ListenOptions {
    private static final ServerOptions DEFAULTS = ServerOptions.defaults();

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            converter = AddressText.Http.class,
            description =
                    "HTTP/1.1 there: HOST:PORT, :PORT for all addresses, or a unix socket's path or @name; repeatable")
    private List<ListenAddress> http = new ArrayList<>();

    @Option(
            names = {"-s", "--socket"},
            paramLabel = "SOCKET",
            converter = AddressText.Uwsgi.class,
            description = "the uwsgi protocol there, for nginx's uwsgi_pass: a unix socket's path, @name in Linux's"
                    + " abstract namespace, or HOST:PORT; repeatable")
    private List<ListenAddress> uwsgi = new ArrayList<>();

    @Option(
            names = "--listen",
            paramLabel = "BACKLOG",
            description = "connections that the kernel keeps waiting (default: 4096; the kernel's net.core.somaxconn is"
                    + " the most)")
    private int backlog = DEFAULTS.backlog();

    @Option(
            names = "--chmod-socket",
            arity = "0..1",
            fallbackValue = "666",
            paramLabel = "MODE",
            converter = ModeText.class,
            description = "permission bits of unix sockets (default: 660; 666 without a MODE)")
    private int socketMode = DEFAULTS.socketMode();

    @Option(
            names = "--allow-from",
            paramLabel = "CIDR",
            split = ",",
            description = "who may speak uwsgi over TCP besides this machine, as in 10.0.0.0/8; repeatable")
    private List<String> allowFrom = new ArrayList<>();

    List<ListenAddress> addresses() {
        List<ListenAddress> all = new ArrayList<>(http);
        all.addAll(uwsgi);
        return all;
    }

    void applyTo(ServerOptions.Builder options) {
        options.backlog(backlog).socketMode(socketMode).allowFrom(allowFrom);
    }
}
