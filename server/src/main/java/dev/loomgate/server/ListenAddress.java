package dev.loomgate.server;

import dev.loomgate.gateway.Quoting;
import dev.loomgate.server.bind.HostAddresses;
import dev.loomgate.server.bind.UnixSocketFile;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a server listens, and which protocol it speaks there.
///
/// | text | where |
/// |---|---|
/// | `127.0.0.1:8000`, `[::1]:8000` | TCP; port 0 takes a free one |
/// | `localhost:8000` | TCP on each address of that name, of IPv4 and of IPv6 |
/// | `:8000`, `*:8000`, `[::]:8000` | TCP on all addresses, of IPv4 and of IPv6; `0.0.0.0:8000` on those of IPv4 |
/// | `/run/app.sock`, `./app.sock`, `app.sock` | a unix socket in the file system |
/// | `@app` | a unix socket in Linux's abstract namespace |
/// | `fd://3` | a socket that listens already, and that this process was given with that number |
///
/// @param protocol what is spoken there
/// @param place where it is
public record ListenAddress(Protocol protocol, Place place) {
    private static final String INHERITED = "fd://";

    /// The protocols that the server speaks.
    public enum Protocol {
        HTTP,
        /// HTTP behind TLS.
        HTTPS,
        UWSGI,
        SCGI,
        FASTCGI;

        /// Whether its requests are CGI variables, so that who may speak it can claim to be any client.
        public boolean bringsVariables() {
            return this != HTTP && this != HTTPS;
        }
    }

    /// A place that can be listened on.
    public sealed interface Place {
        /// A TCP port.
        ///
        /// @param host a name or an address, an IPv6 one without brackets; empty for all addresses
        /// @param port 0 to 65535; 0 takes a free one
        record Tcp(String host, int port) implements Place {
            public Tcp {
                if (port < 0 || port > 65535) {
                    throw new IllegalArgumentException("port " + port + " is not in 0 to 65535");
                }
            }

            @Override
            public String toString() {
                return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
            }
        }

        /// A unix socket in the file system.
        record UnixPath(Path path) implements Place {
            @Override
            public String toString() {
                String text = path.toString();
                // A bare name with a colon would be read back as a host and a port.
                return text.indexOf('/') < 0 && text.indexOf(':') >= 0 ? "./" + text : text;
            }
        }

        /// A unix socket in Linux's abstract namespace.
        ///
        /// @param name the name without the `@`
        record UnixAbstract(String name) implements Place {
            @Override
            public String toString() {
                return "@" + name;
            }
        }

        /// A socket that listens already, of whatever kind, which this process has from who started it.
        ///
        /// @param descriptor its number in this process
        /// @param known where it is bound; or null where the system is to say, which doesn't know of a unix
        /// socket's
        ///     file that it has been renamed
        record Inherited(int descriptor, @Nullable Place known) implements Place {
            public Inherited {
                if (descriptor < 0) {
                    throw new IllegalArgumentException("descriptor " + descriptor + " is negative");
                }
            }

            /// Bound where the system says.
            public Inherited(int descriptor) {
                this(descriptor, null);
            }

            @Override
            public String toString() {
                return INHERITED + descriptor;
            }
        }
    }

    /// An address for HTTP, from its text.
    ///
    /// @throws IllegalArgumentException if the text is no address; the message says why in one line
    public static ListenAddress http(String text) {
        return new ListenAddress(Protocol.HTTP, parse(text));
    }

    /// An address for HTTP behind TLS, from its text.
    ///
    /// @throws IllegalArgumentException if the text is no address; the message says why in one line
    public static ListenAddress https(String text) {
        return new ListenAddress(Protocol.HTTPS, parse(text));
    }

    /// An address for the uwsgi protocol, from its text.
    ///
    /// @throws IllegalArgumentException if the text is no address; the message says why in one line
    public static ListenAddress uwsgi(String text) {
        return new ListenAddress(Protocol.UWSGI, parse(text));
    }

    /// An address for SCGI, from its text.
    ///
    /// @throws IllegalArgumentException if the text is no address; the message says why in one line
    public static ListenAddress scgi(String text) {
        return new ListenAddress(Protocol.SCGI, parse(text));
    }

    /// An address for FastCGI, from its text.
    ///
    /// @throws IllegalArgumentException if the text is no address; the message says why in one line
    public static ListenAddress fastcgi(String text) {
        return new ListenAddress(Protocol.FASTCGI, parse(text));
    }

    private static Place parse(String text) {
        if (text.isEmpty()) {
            throw wrong(text, "it is empty");
        }
        if (text.charAt(0) == '@') {
            return abstractName(text);
        }
        if (text.startsWith(INHERITED)) {
            return inherited(text);
        }
        int colon = text.lastIndexOf(':');
        return text.indexOf('/') >= 0 || colon < 0 ? unixPath(text) : tcp(text, colon);
    }

    private static Place inherited(String text) {
        String number = text.substring(INHERITED.length());
        if (number.isEmpty() || number.length() > 6 || !number.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw wrong(text, "the number of an open file stands after fd://, as in fd://3");
        }
        return new Place.Inherited(Integer.parseInt(number));
    }

    private static Place abstractName(String text) {
        String name = text.substring(1);
        if (name.isEmpty()) {
            throw wrong(text, "the name after @ is empty");
        }
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length > UnixSocketFile.MAX_BYTES) {
            throw wrong(
                    text,
                    "the name takes %d bytes, over the %d of an abstract unix socket's name"
                            .formatted(length, UnixSocketFile.MAX_BYTES));
        }
        return new Place.UnixAbstract(name);
    }

    private static Place unixPath(String text) {
        if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw wrong(text, "a port needs a host before it, as in 127.0.0.1:" + text + " or :" + text);
        }
        if (text.endsWith("/")) {
            throw wrong(text, "a socket's path doesn't end with a slash");
        }
        try {
            return new Place.UnixPath(Path.of(text));
        } catch (InvalidPathException e) {
            throw wrong(text, "it is not a path: " + e.getReason());
        }
    }

    private static Place tcp(String text, int colon) {
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
            if (host.indexOf(':') < 0) {
                throw wrong(text, "only IPv6 addresses stand in brackets");
            }
        } else if (host.indexOf(':') >= 0) {
            throw wrong(text, "an IPv6 address stands in brackets, as in [::1]:8000");
        }
        String port = text.substring(colon + 1);
        if (port.isEmpty()
                || port.length() > 5
                || !port.chars().allMatch(c -> c >= '0' && c <= '9')
                || Integer.parseInt(port) > 65535) {
            throw wrong(text, "the port after the colon is a number from 0 to 65535");
        }
        return new Place.Tcp(host.equals("*") ? "" : host, Integer.parseInt(port));
    }

    private static IllegalArgumentException wrong(String text, String why) {
        return new IllegalArgumentException("address \"" + Quoting.printable(text) + "\": " + why);
    }

    /// The JDK's form of it: where a client in this process connects to a server that has bound it. A host's name is
    /// looked up.
    ///
    /// @throws UnsupportedOperationException for a name in the abstract namespace, which the JDK doesn't
    ///     support, or an open socket's number
    public SocketAddress socketAddress() {
        return switch (place) {
            case Place.Tcp tcp ->
                tcp.host().isEmpty()
                        ? new InetSocketAddress(tcp.port())
                        : new InetSocketAddress(tcp.host(), tcp.port());
            case Place.UnixPath unix -> UnixDomainSocketAddress.of(unix.path());
            case Place.UnixAbstract unix ->
                throw new UnsupportedOperationException("the JDK has no abstract unix sockets: " + unix);
            case Place.Inherited open -> throw new UnsupportedOperationException(open + " is no address");
        };
    }

    /// This one, of TCP, with another one's port.
    ListenAddress withPortOf(ListenAddress other) {
        return place instanceof Place.Tcp(String host, int _) && other.place instanceof Place.Tcp(String _, int port)
                ? new ListenAddress(protocol, new Place.Tcp(host, port))
                : this;
    }

    /// What is to be listened on: one address for each that a host's name has, if it has several; else this one. An
    /// IPv6 address of the name that this machine doesn't have is left out. Asks the resolver, which may block.
    public List<ListenAddress> resolved() {
        if (!(place instanceof Place.Tcp tcp) || tcp.host().isEmpty()) {
            return List.of(this);
        }
        List<String> addresses = HostAddresses.of(tcp.host());
        return addresses.size() < 2
                ? List.of(this)
                : addresses.stream()
                        .map(each -> new ListenAddress(protocol, new Place.Tcp(each, tcp.port())))
                        .toList();
    }

    /// The address as it is parsed: `127.0.0.1:8000`, `/run/app.sock`, `@app`.
    @Override
    public String toString() {
        return place.toString();
    }
}
