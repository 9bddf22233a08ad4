package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.server.Direct;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ServerOptions;
import java.util.ArrayList;
import java.util.List;

/// Where to listen, and who may connect.
public final class ListenOptions {
    private static final ServerOptions DEFAULTS = ServerOptions.defaults();

    static final Option<List<ListenAddress>> HTTP = Option.values(ValueType.HTTP, "--http")
            .setting("ListenAddress.http")
            .inUwsgi("without a router process")
            .says("listen for HTTP/1.1 on HOST:PORT, on :PORT for all addresses, or on a unix socket's path"
                    + " or @name");

    static final Option<List<ListenAddress>> SOCKET = Option.values(ValueType.UWSGI, "-s", "--socket", "--uwsgi-socket")
            .setting("ListenAddress.uwsgi")
            .inUwsgi(Option.SAME)
            .says("listen for the uwsgi protocol, for nginx's uwsgi_pass, on a unix socket's path, on @name"
                    + " in Linux's abstract namespace, or on HOST:PORT");

    static final Option<Integer> LISTEN = Option.value(ValueType.NUMBER, "-l", "--listen")
            .label("BACKLOG")
            .sets(
                    DEFAULTS,
                    ServerOptions.Builder.class,
                    "backlog",
                    ServerOptions::backlog,
                    ServerOptions.Builder::backlog)
            .range(Range.atLeast(1))
            .inUwsgi(Option.SAME)
            .says("connections that wait in the kernel's queue, at most net.core.somaxconn");

    static final Option<Integer> CHMOD_SOCKET = Option.value(ValueType.MODE, "-C", "--chmod-socket", "--chmod")
            .leftOut("666")
            .sets(
                    DEFAULTS,
                    ServerOptions.Builder.class,
                    "socketMode",
                    ServerOptions::socketMode,
                    ServerOptions.Builder::socketMode)
            .range(Range.between(0, 0777))
            .inUwsgi(Option.SAME)
            .says("permission bits of unix sockets; 666 without a MODE");

    static final Option<List<String>> ALLOW_FROM = Option.values(ValueType.TEXT, "--allow-from")
            .label("CIDR")
            .separatedBy(",")
            .sets(ServerOptions.Builder.class, "allowFrom", ServerOptions.Builder::allowFrom)
            .says("who may connect to uwsgi over TCP besides this machine, as in 10.0.0.0/8");

    static final Option<Direct> DIRECT = Option.value(ValueType.choice("WHEN", Direct.class), "--direct")
            .sets(DEFAULTS, ServerOptions.Builder.class, "direct", ServerOptions::direct, ServerOptions.Builder::direct)
            .says("Python workers take the connections of uwsgi unix sockets themselves: auto (where they can), on"
                    + " (an error where they can't, as with Java applications), off (the JVM takes all)");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(HTTP, SOCKET, LISTEN, CHMOD_SOCKET, ALLOW_FROM, DIRECT);

    private ListenOptions() {}

    /// HTTP first, then uwsgi; may be empty.
    public static List<ListenAddress> addresses(OptionValues values) {
        List<ListenAddress> all = new ArrayList<>(values.of(HTTP));
        all.addAll(values.of(SOCKET));
        return all;
    }
}
