package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.SocketName;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.server.Direct;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ListenAddress.Protocol;
import dev.loomgate.server.ServerOptions;
import java.util.List;

/// Where to listen, and who may connect.
public final class ListenOptions {
    private static final ServerOptions DEFAULTS = ServerOptions.defaults();

    static final Option<List<SocketName>> HTTP = Option.values(ValueType.HTTP, "--http")
            .setting("ListenAddress.http")
            .inUwsgi("without a router process")
            .says("listen for HTTP/1.1 and HTTP/2 on HOST:PORT, on :PORT for all addresses, on a unix socket's path or"
                    + " @name, or on the socket fd://N that is open already");

    static final Option<List<SocketName>> HTTP_SOCKET = Option.values(
                    ValueType.HTTP, "--http-socket", "--http11-socket")
            .inUwsgi("with keep-alive always")
            .says("as --http");

    static final Option<String> HTTP_TO = Option.value(ValueType.TEXT, "--http-to")
            .label("SOCKET")
            .inUwsgi("no router: only a socket of this server's may be named")
            .says("where --http passes requests on: needless, because it may only name a --socket of this server's");

    static final Option<List<SocketName>> SOCKET = Option.values(ValueType.SOCKET, "-s", "--socket")
            .setting("ListenAddress.uwsgi")
            .inUwsgi(Option.SAME)
            .says("listen for the uwsgi protocol, for nginx's uwsgi_pass, on a unix socket's path, on @name"
                    + " in Linux's abstract namespace, on HOST:PORT, on the socket fd://N that is open already,"
                    + " or on the first --shared-socket by =0");

    static final Option<List<SocketName>> UWSGI_SOCKET = Option.values(ValueType.SOCKET, "--uwsgi-socket")
            .inUwsgi(Option.SAME)
            .says("as --socket, for the uwsgi protocol whatever --protocol says");

    static final Option<List<SocketName>> SCGI_SOCKET = Option.values(ValueType.SOCKET, "--scgi-socket")
            .setting("ListenAddress.scgi")
            .inUwsgi(Option.SAME)
            .says("listen for SCGI, for nginx's scgi_pass and Apache's mod_proxy_scgi; addresses as for --socket");

    static final Option<List<SocketName>> FASTCGI_SOCKET = Option.values(ValueType.SOCKET, "--fastcgi-socket")
            .setting("ListenAddress.fastcgi")
            .inUwsgi("with several requests at once on a connection, and connections that are kept")
            .says(
                    "listen for FastCGI, for nginx's fastcgi_pass and Apache's mod_proxy_fcgi; addresses as for --socket");

    static final Option<Protocol> PROTOCOL = Option.value(
                    ValueType.choice("PROTOCOL", Protocol.class), "--protocol", "--socket-protocol")
            .standard(Protocol.UWSGI)
            .inUwsgi("http, https, uwsgi, scgi and fastcgi alone")
            .says("what --socket listens for: uwsgi, http, https, scgi or fastcgi");

    static final Option<List<SocketName>> SHARED_SOCKET = Option.values(
                    ValueType.SOCKET, "--shared-socket", "--undeferred-shared-socket")
            .inUwsgi("each one by one option")
            .says("an address that other options name by its number: --http =0 is the first");

    static final Option<Boolean> ABSTRACT_SOCKET = Option.flag("-a", "--abstract-socket")
            .inUwsgi(Option.SAME)
            .says("unix sockets are in Linux's abstract namespace, without a file");

    static final Option<List<String>> ALLOW_FROM = Option.values(ValueType.TEXT, "--allow-from")
            .label("CIDR|private|any")
            .separatedBy(",")
            .sets(
                    DEFAULTS,
                    ServerOptions.Builder.class,
                    "allowFrom",
                    ServerOptions::allowFrom,
                    ServerOptions.Builder::allowFrom)
            .standardText("private")
            .says(
                    "who may speak uwsgi, SCGI and FastCGI over TCP besides this machine, as in 10.0.0.0/8: private stands for all"
                            + " addresses that the Internet doesn't route, any for everybody");

    static final Option<List<String>> PROXY_PROTOCOL_FROM = Option.values(ValueType.TEXT, "--proxy-protocol-from")
            .label("CIDR|private|any|unix")
            .separatedBy(",")
            .sets(ServerOptions.Builder.class, "proxyProtocolFrom", ServerOptions.Builder::proxyProtocolFrom)
            .says("whose connections begin with a header of the PROXY protocol, version 1 or 2, which says who the"
                    + " client is: load balancers in these networks, unix for peers on unix sockets; a peer that sends"
                    + " none is closed, and any other's is refused");

    static final Option<Direct> DIRECT = Option.value(ValueType.choice("WHEN", Direct.class), "--direct")
            .sets(DEFAULTS, ServerOptions.Builder.class, "direct", ServerOptions::direct, ServerOptions.Builder::direct)
            .says(
                    "Python workers take connections themselves, those of uwsgi unix sockets and, of ASGI programs, those of"
                            + " HTTP: auto (where they can), on (an error where they can't, as with Java applications), off (the"
                            + " JVM takes all)");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(
            HTTP,
            HTTP_SOCKET,
            HTTP_TO,
            SOCKET,
            UWSGI_SOCKET,
            SCGI_SOCKET,
            FASTCGI_SOCKET,
            PROTOCOL,
            SHARED_SOCKET,
            ABSTRACT_SOCKET,
            ALLOW_FROM,
            PROXY_PROTOCOL_FROM,
            ForwardedOptions.TRUST_FORWARDED_FROM,
            ForwardedOptions.FORWARDED_HEADER,
            DIRECT);

    private ListenOptions() {}

    /// HTTP first, then uwsgi, SCGI and FastCGI; may be empty.
    ///
    /// @throws IllegalArgumentException if they don't go together
    public static List<ListenAddress> addresses(OptionValues values) {
        ListenPlaces places = new ListenPlaces(
                values.of(SHARED_SOCKET), values.of(ABSTRACT_SOCKET), PythonProgramOptions.directoryOfSockets(values));
        places.add(Protocol.HTTP, HTTP, values.of(HTTP));
        places.add(Protocol.HTTP, HTTP_SOCKET, values.of(HTTP_SOCKET));
        places.add(Protocol.HTTPS, HttpsOptions.HTTPS, HttpsOptions.sockets(values));
        places.add(Protocol.HTTP, HttpsOptions.HTTP_TO_HTTPS, values.of(HttpsOptions.HTTP_TO_HTTPS));
        places.add(values.of(PROTOCOL), SOCKET, values.of(SOCKET));
        places.add(Protocol.UWSGI, UWSGI_SOCKET, values.of(UWSGI_SOCKET));
        places.add(Protocol.SCGI, SCGI_SOCKET, values.of(SCGI_SOCKET));
        places.add(Protocol.FASTCGI, FASTCGI_SOCKET, values.of(FASTCGI_SOCKET));
        values.given(HTTP_TO).ifPresent(target -> places.requireOwn(HTTP_TO, target));
        return places.addresses(SHARED_SOCKET);
    }

    /// What is spoken on sockets that no option names.
    public static Protocol protocol(OptionValues values) {
        return values.of(PROTOCOL);
    }

    /// Whether HTTP clients come by `--http`, which uWSGI has another timeout for.
    static boolean hasRouter(OptionValues values) {
        return !values.of(HTTP).isEmpty();
    }
}
