package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.SocketOptions;
import java.util.List;

/// How the sockets are made that are listened on.
public final class SocketSetupOptions {
    private static final ServerOptions SERVER = ServerOptions.defaults();
    private static final SocketOptions DEFAULTS = SocketOptions.defaults();
    private static final int ALL_BITS = 0777;

    static final Option<Integer> LISTEN = Option.value(ValueType.NUMBER, "-l", "--listen")
            .label("BACKLOG")
            .sets(
                    SERVER,
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
                    SERVER,
                    ServerOptions.Builder.class,
                    "socketMode",
                    ServerOptions::socketMode,
                    ServerOptions.Builder::socketMode)
            .range(Range.between(0, ALL_BITS))
            .inUwsgi(Option.SAME)
            .says("permission bits of unix sockets; 666 without a MODE");

    static final Option<String> CHOWN_SOCKET = Option.value(ValueType.TEXT, "--chown-socket")
            .label("USER[:GROUP]")
            .sets(SocketOptions.Builder.class, "socketOwner", SocketOptions.Builder::socketOwner)
            .inUwsgi(Option.SAME)
            .says("gives unix sockets to that user and group, by name or by number, before anybody can connect;"
                    + " :GROUP for the group alone");

    static final Option<Integer> UMASK = Option.value(ValueType.MODE, "--umask")
            .label("MASK")
            .standardText("the shell's")
            .inUwsgi(Option.SAME)
            .ofProcess()
            .says("permission bits that new files don't get, this server's and its workers'; of unix sockets as well,"
                    + " unless --chmod-socket says more");

    static final Option<Boolean> SO_KEEPALIVE = Option.flag("--so-keepalive")
            .sets(
                    DEFAULTS,
                    SocketOptions.Builder.class,
                    "keepAlive",
                    SocketOptions::keepAlive,
                    SocketOptions.Builder::keepAlive)
            .inUwsgi(Option.SAME)
            .says("the kernel looks now and then whether an idle TCP client is still there (tcp_keepalive_time)");

    static final Option<Boolean> REUSE_PORT = Option.flag("--reuse-port")
            .sets(
                    DEFAULTS,
                    SocketOptions.Builder.class,
                    "reusePort",
                    SocketOptions::reusePort,
                    SocketOptions.Builder::reusePort)
            .inUwsgi(Option.SAME)
            .says("other servers of the same user may listen on the same TCP port, with this option; the kernel divides"
                    + " the connections among them");

    static final Option<Boolean> FREEBIND = Option.flag("--freebind")
            .sets(
                    DEFAULTS,
                    SocketOptions.Builder.class,
                    "freeBind",
                    SocketOptions::freeBind,
                    SocketOptions.Builder::freeBind)
            .inUwsgi(Option.SAME)
            .says("listen also on an IP address that this machine doesn't have yet");

    static final Option<Integer> SOCKET_SNDBUF = Option.value(ValueType.SIZE, "--socket-sndbuf")
            .sets(SocketOptions.Builder.class, "sendBufferBytes", SocketOptions.Builder::sendBufferBytes)
            .standardText("the kernel's")
            .inUwsgi(Option.SAME)
            .says("what the kernel keeps for a TCP client that hasn't taken it yet (SO_SNDBUF)");

    static final Option<Integer> SOCKET_RCVBUF = Option.value(ValueType.SIZE, "--socket-rcvbuf")
            .sets(SocketOptions.Builder.class, "receiveBufferBytes", SocketOptions.Builder::receiveBufferBytes)
            .standardText("the kernel's")
            .inUwsgi(Option.SAME)
            .says("what the kernel keeps of a TCP client until it is read (SO_RCVBUF)");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(
            LISTEN,
            CHMOD_SOCKET,
            CHOWN_SOCKET,
            UMASK,
            SO_KEEPALIVE,
            REUSE_PORT,
            FREEBIND,
            SOCKET_SNDBUF,
            SOCKET_RCVBUF);

    private SocketSetupOptions() {}

    /// Sets what these options ask for.
    public static void applyTo(ServerOptions.Builder options, OptionValues values) {
        SocketOptions.Builder sockets = SocketOptions.builder();
        values.applyTo(sockets);
        options.sockets(sockets.build());
        if (values.given(CHMOD_SOCKET).isEmpty()) {
            values.given(UMASK).ifPresent(mask -> options.socketMode(ALL_BITS & ~mask));
        }
    }
}
