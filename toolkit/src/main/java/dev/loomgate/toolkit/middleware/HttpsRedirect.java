package dev.loomgate.toolkit.middleware;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.gateway.Status;
import java.util.HashSet;
import java.util.Set;

/// Sends clients that come by HTTP to the same URL by HTTPS: 301 for GET and HEAD, for other methods 308, which keeps
/// method and body.
///
/// ```java
/// Application site = HttpsRedirect.toPort(443).wrap(application);
/// ```
public final class HttpsRedirect implements Middleware {
    private static final int STANDARD_PORT = 443;

    private final int port;
    private final Set<String> fromPorts;

    private HttpsRedirect(int port, Set<String> fromPorts) {
        this.port = port;
        this.fromPorts = fromPorts;
    }

    /// From every port.
    ///
    /// @param port of HTTPS, as clients see it
    public static HttpsRedirect toPort(int port) {
        return new HttpsRedirect(port, Set.of());
    }

    /// Only requests that come to that port of this server; those of other ports are served by HTTP, too.
    public HttpsRedirect fromPort(int from) {
        Set<String> all = new HashSet<>(fromPorts);
        all.add(Integer.toString(from));
        return new HttpsRedirect(port, Set.copyOf(all));
    }

    @Override
    public Application wrap(Application inner) {
        return Lifecycle.passOn(inner, (environ, startResponse) -> {
            if (!isToBeSentOn(environ)) {
                return inner.call(environ, startResponse);
            }
            boolean plain = environ.method().equals("GET") || environ.method().equals("HEAD");
            String target = environ.requestUri();
            String path = target.startsWith("/") ? target : "/";
            Headers headers = Headers.of("Location", "https://" + host(environ) + path);
            startResponse.start(Status.of(plain ? 301 : 308), headers);
            return Body.empty();
        });
    }

    private boolean isToBeSentOn(Environ environ) {
        return environ.scheme().equals("http")
                && (fromPorts.isEmpty() || fromPorts.contains(environ.text("SERVER_PORT", "")));
    }

    // Without the port that the client has come by.
    private String host(Environ environ) {
        String host = environ.text("HTTP_HOST", environ.text("SERVER_NAME", "localhost"));
        int colon = host.lastIndexOf(':');
        String name = colon > host.indexOf(']') ? host.substring(0, colon) : host;
        return port == STANDARD_PORT ? name : name + ":" + port;
    }
}
