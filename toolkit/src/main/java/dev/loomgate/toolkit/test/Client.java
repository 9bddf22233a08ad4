package dev.loomgate.toolkit.test;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.LocalServer;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;

/// Asks an application as a browser would: directly, without a socket and in the calling thread; or a server, over
/// HTTP. The same test may be run with both.
///
/// ```java
/// Client client = Client.of(application);
/// Client client = Client.overHttp(application);
/// Client client = Client.overHttp(URI.create("http://127.0.0.1:8000"));
///
/// assertThat(client.get("/user").query("name", "Bob").send().text()).isEqualTo("Hello Bob!");
/// client.post("/login").form("name", "bob").follow().send();
/// ```
///
/// It keeps [Cookies] from one request to the next. Along the way, [#of] checks the gateway's contract:
/// `startResponse` is called, the body is as long as announced, and is closed exactly once.
///
/// For one test's thread at a time.
public final class Client implements AutoCloseable {
    private static final int MAX_REDIRECTS = 10;

    private final Transport transport;
    private final URI origin;
    private final Cookies cookies;

    private Client(Transport transport) {
        this.transport = transport;
        origin = URI.create(transport.origin());
        cookies = new Cookies(Cookies.Place.of(origin.getScheme(), origin.getRawAuthority(), "/")
                .host());
    }

    /// A client that calls the application directly.
    public static Client of(Application application) {
        return new Client(new InProcess(application, new Lifecycle() {}, "http"));
    }

    /// A client that calls the application directly, as if over HTTPS: it has cookies that are `Secure`, and the
    /// application sees that scheme.
    public static Client https(Application application) {
        return new Client(new InProcess(application, new Lifecycle() {}, "https"));
    }

    /// A client that calls the application directly, after its start hooks were run; closing it runs the stop
    /// hooks.
    ///
    /// @throws Exception what the application's start throws
    public static Client started(Application application) throws Exception {
        if (application instanceof Lifecycle hooks) {
            hooks.start();
            return new Client(new InProcess(application, hooks, "http"));
        }
        return of(application);
    }

    /// A client that asks the application over HTTP/1.1, on a server that is started here and stopped by [#close].
    ///
    /// @throws IllegalStateException if no gateway server is on the class path
    /// @throws Exception if it can't be started, or what the application's start throws
    public static Client overHttp(Application application) throws Exception {
        LocalServer server = LocalServer.serve(application);
        return new Client(new OverHttp(base(server.address()), server));
    }

    /// A client that asks a server over HTTP/1.1.
    ///
    /// @param base such as `http://127.0.0.1:8000`, without a path
    /// @throws IllegalArgumentException if it isn't
    public static Client overHttp(URI base) {
        return new Client(new OverHttp(base, () -> {}));
    }

    /// A client that asks the server at this address over HTTP/1.1.
    public static Client overHttp(InetSocketAddress address) {
        return overHttp(base(address));
    }

    private static URI base(InetSocketAddress address) {
        String host = address.getAddress() instanceof Inet6Address six
                ? "[" + six.getHostAddress() + "]"
                : address.getHostString();
        return URI.create("http://" + host + ":" + address.getPort());
    }

    /// A GET request.
    ///
    /// @param target path and query, percent-encoded
    public Call get(String target) {
        return open("GET", target);
    }

    /// A HEAD request.
    public Call head(String target) {
        return open("HEAD", target);
    }

    /// A POST request.
    public Call post(String target) {
        return open("POST", target);
    }

    /// A PUT request.
    public Call put(String target) {
        return open("PUT", target);
    }

    /// A PATCH request.
    public Call patch(String target) {
        return open("PATCH", target);
    }

    /// A DELETE request.
    public Call delete(String target) {
        return open("DELETE", target);
    }

    /// An OPTIONS request.
    public Call options(String target) {
        return open("OPTIONS", target);
    }

    /// A request of any method.
    public Call open(String method, String target) {
        return new Call(this, method, target);
    }

    /// Opens a WebSocket, with this client's cookies.
    ///
    /// @param target path and query, percent-encoded
    /// @param subprotocols what the client offers, in its order
    /// @throws NotAccepted if the application answers otherwise
    public TestSocket webSocket(String target, String... subprotocols) {
        return webSocket(target, new Headers(), subprotocols);
    }

    /// The same, with further headers of the handshake.
    public TestSocket webSocket(String target, Headers headers, String... subprotocols) {
        try {
            return transport.open(toOpen(target, headers), List.of(subprotocols));
        } catch (Exception e) {
            Client.<RuntimeException>rethrow(e);
            throw new AssertionError(e);
        }
    }

    /// Opens a stream of server-sent events, with this client's cookies, and waits for its first bytes: then the
    /// application has it.
    ///
    /// @param target path and query, percent-encoded
    /// @throws NotAccepted if the application answers otherwise
    /// @throws IllegalStateException if nothing comes in time
    public TestEvents events(String target) {
        return events(target, new Headers());
    }

    /// The same, with further headers, such as `Last-Event-ID`.
    public TestEvents events(String target, Headers headers) {
        Transport.Outgoing request = toOpen(target, headers);
        request.headers().setDefault("Accept", "text/event-stream");
        try {
            return TestEvents.open(transport, request);
        } catch (Exception e) {
            Client.<RuntimeException>rethrow(e);
            throw new AssertionError(e);
        }
    }

    private Transport.Outgoing toOpen(String target, Headers headers) {
        String cookie = cookies.header(Cookies.Place.of(origin.getScheme(), origin.getRawAuthority(), target));
        Headers sent = headers.copy();
        if (!cookie.isEmpty()) {
            sent.setDefault("Cookie", cookie);
        }
        return new Transport.Outgoing("GET", target, sent, new byte[0], false, (_, _) -> {});
    }

    /// The cookies that responses have set.
    public Cookies cookies() {
        return cookies;
    }

    /// Runs the stop hooks of an application that was [#started], or closes the connections to a server, and ends the
    /// server that was started here.
    ///
    /// What an application's stop throws comes out here as it is.
    @Override
    public void close() {
        try {
            transport.close();
        } catch (Exception e) {
            Client.<RuntimeException>rethrow(e);
        }
    }

    TestResponse send(Transport.Outgoing request, boolean follow) {
        TestResponse response = exchange(request);
        for (int hops = 1; follow && isRedirect(response); hops++) {
            if (hops > MAX_REDIRECTS) {
                throw new IllegalStateException(
                        "more than " + MAX_REDIRECTS + " redirects, the last one to " + response.header("Location"));
            }
            request = redirected(request, response);
            response = exchange(request);
        }
        return response;
    }

    private TestResponse exchange(Transport.Outgoing request) {
        Cookies.Place place = Cookies.Place.of(origin.getScheme(), host(request), request.target());
        String cookie = cookies.header(place);
        Headers headers = request.headers().copy();
        if (!cookie.isEmpty()) {
            headers.setDefault("Cookie", cookie);
        }
        Transport.Outgoing sent = request.to(request.method(), request.target(), headers, request.body());
        try {
            TestResponse response = transport.exchange(sent);
            cookies.receive(response.headers(), place);
            return response;
        } catch (Exception e) {
            Client.<RuntimeException>rethrow(e);
            throw new AssertionError(e);
        }
    }

    // A test wants to see the application's exception, not a wrapping of it.
    @SuppressWarnings("unchecked")
    private static <X extends Exception> void rethrow(Exception e) throws X {
        throw (X) e;
    }

    private static boolean isRedirect(TestResponse response) {
        return switch (response.code()) {
            case 301, 302, 303, 307, 308 -> response.headers().contains("Location");
            default -> false;
        };
    }

    private String host(Transport.Outgoing request) {
        return request.headers().first("Host").orElse(origin.getRawAuthority());
    }

    private Transport.Outgoing redirected(Transport.Outgoing request, TestResponse response) {
        String host = host(request);
        URI there =
                URI.create(origin.getScheme() + "://" + host + request.target()).resolve(response.header("Location"));
        if (!host.equalsIgnoreCase(there.getRawAuthority())) {
            throw new IllegalStateException("the redirect to " + there + " leads out of the application");
        }
        String path = there.getRawPath().isEmpty() ? "/" : there.getRawPath();
        String target = there.getRawQuery() == null ? path : path + "?" + there.getRawQuery();
        boolean keeps = response.code() == 307 || response.code() == 308;
        if (keeps || request.method().equals("HEAD")) {
            return request.to(request.method(), target, request.headers(), request.body());
        }
        Headers headers = request.headers().copy();
        headers.remove("Content-Type");
        return request.to("GET", target, headers, new byte[0]);
    }
}
