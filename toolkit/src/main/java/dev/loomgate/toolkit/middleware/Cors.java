package dev.loomgate.toolkit.middleware;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.toolkit.variants.Vary;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// Lets pages of other origins use the application from their scripts: cross-origin resource sharing.
///
/// ```java
/// Cors.allowing("https://app.example.org").withMethods("GET", "PUT").withHeaders("Content-Type").withCredentials()
/// Cors.allowing("https://*.example.org")           // every host below it
/// Cors.allowingAll()                               // every origin, without cookies
/// ```
///
/// A preflight request is answered here, and doesn't reach the application; that the answer allows nothing tells the
/// browser no. A request of another origin is passed on without these headers: the browser keeps a page from reading
/// the response, but not from sending a simple request. So this doesn't replace authentication. `Vary: Origin` keeps
/// caches from giving one origin's answer to another.
///
/// Immutable: each method returns a new one. Source: the Fetch standard, section 3.2.
public final class Cors implements Middleware {
    private record Settings(
            List<String> methods, List<String> headers, List<String> exposed, boolean credentials, Duration maxAge) {}

    private final Origins origins;
    private final Settings settings;

    private Cors(Origins origins, Settings settings) {
        this.origins = origins;
        this.settings = settings;
    }

    /// Allows these origins GET, HEAD and POST.
    ///
    /// @param origins as browsers write them, `https://example.org` or `http://localhost:8080`; with `*.` before
    /// the host, all hosts below it; `null` for pages without an origin
    /// @throws IllegalArgumentException if one of them is no origin
    public static Cors allowing(String... origins) {
        return new Cors(Origins.of(List.of(origins)), defaults());
    }

    /// Allows every origin GET, HEAD and POST.
    public static Cors allowingAll() {
        return new Cors(Origins.ALL, defaults());
    }

    private static Settings defaults() {
        return new Settings(List.of("GET", "HEAD", "POST"), List.of(), List.of(), false, Duration.ofMinutes(10));
    }

    /// The methods that are allowed.
    public Cors withMethods(String... methods) {
        return with(new Settings(
                List.of(methods), settings.headers, settings.exposed, settings.credentials, settings.maxAge));
    }

    /// The request headers that are allowed beside those that always are.
    public Cors withHeaders(String... headers) {
        return with(new Settings(
                settings.methods, List.of(headers), settings.exposed, settings.credentials, settings.maxAge));
    }

    /// The response headers that scripts may read beside those that they always may.
    public Cors withExposedHeaders(String... headers) {
        return with(new Settings(
                settings.methods, settings.headers, List.of(headers), settings.credentials, settings.maxAge));
    }

    /// Lets requests have cookies.
    ///
    /// @throws IllegalArgumentException if every origin is allowed: then every page could act as its visitor
    public Cors withCredentials() {
        if (origins.all) {
            throw new IllegalArgumentException(
                    "Cors: not with credentials from all origins, name them (Cors.allowing): any page could act as the"
                            + " user who visits it");
        }
        return with(new Settings(settings.methods, settings.headers, settings.exposed, true, settings.maxAge));
    }

    /// How long a browser may remember what a preflight request was answered: 10 minutes by default.
    public Cors withMaxAge(Duration maxAge) {
        return with(new Settings(settings.methods, settings.headers, settings.exposed, settings.credentials, maxAge));
    }

    private Cors with(Settings settings) {
        return new Cors(origins, settings);
    }

    @Override
    public Application wrap(Application inner) {
        return Lifecycle.passOn(inner, (environ, startResponse) -> {
            String origin = environ.text("HTTP_ORIGIN", "");
            if (!origin.isEmpty()
                    && environ.method().equals("OPTIONS")
                    && environ.containsKey("HTTP_ACCESS_CONTROL_REQUEST_METHOD")) {
                return preflight(environ, origin, startResponse);
            }
            return inner.call(environ, StartResponse.mapping(startResponse, (_, headers) -> allow(origin, headers)));
        });
    }

    private void allow(String origin, Headers headers) {
        if (!origins.all) {
            Vary.add(headers, "Origin");
        }
        if (origin.isEmpty() || !origins.contains(origin)) {
            return;
        }
        headers.set("Access-Control-Allow-Origin", origins.all ? "*" : origin);
        if (settings.credentials) {
            headers.set("Access-Control-Allow-Credentials", "true");
        }
        if (!settings.exposed.isEmpty()) {
            headers.set("Access-Control-Expose-Headers", String.join(", ", settings.exposed));
        }
    }

    private Body preflight(Environ environ, String origin, StartResponse startResponse) {
        Headers headers = new Headers();
        Vary.add(headers, "Origin");
        Vary.add(headers, "Access-Control-Request-Method");
        Vary.add(headers, "Access-Control-Request-Headers");
        if (origins.contains(origin)) {
            headers.add("Access-Control-Allow-Origin", origins.all ? "*" : origin);
            headers.add("Access-Control-Allow-Methods", String.join(", ", settings.methods));
            if (settings.credentials) {
                headers.add("Access-Control-Allow-Credentials", "true");
            }
            if (!settings.headers.isEmpty() && environ.containsKey("HTTP_ACCESS_CONTROL_REQUEST_HEADERS")) {
                headers.add("Access-Control-Allow-Headers", String.join(", ", settings.headers));
            }
            headers.add("Access-Control-Max-Age", Long.toString(settings.maxAge.toSeconds()));
        }
        startResponse.start(Status.NO_CONTENT, headers);
        return Body.empty();
    }

    /// Origins that are allowed.
    private record Origins(boolean all, List<String> exact, List<Below> below) {
        private static final Origins ALL = new Origins(true, List.of(), List.of());

        private record Below(String scheme, String end) {}

        static Origins of(List<String> texts) {
            List<String> origins =
                    texts.stream().map(text -> text.toLowerCase(Locale.ROOT)).toList();
            for (String origin : origins) {
                if (!origin.matches("null|[a-z][a-z0-9+.-]*://(\\*\\.)?([a-z0-9._-]+|\\[[0-9a-f:.]+])(:[0-9]{1,5})?")) {
                    throw new IllegalArgumentException(
                            "Cors: \"%s\" is no origin: a scheme and a host, without a path, such as https://example.org"
                                    .formatted(origin));
                }
            }
            return new Origins(
                    false,
                    origins.stream().filter(origin -> origin.indexOf('*') < 0).toList(),
                    origins.stream()
                            .filter(origin -> origin.indexOf('*') >= 0)
                            .map(origin -> new Below(
                                    origin.substring(0, origin.indexOf('*')),
                                    origin.substring(origin.indexOf('*') + 1)))
                            .toList());
        }

        boolean contains(String origin) {
            if (all) {
                return true;
            }
            String lower = origin.toLowerCase(Locale.ROOT);
            return exact.contains(lower)
                    || below.stream()
                            .anyMatch(one -> lower.startsWith(one.scheme)
                                    && lower.endsWith(one.end)
                                    && lower.length() > one.scheme.length() + one.end.length()
                                    && lower.substring(one.scheme.length()).matches("[a-z0-9._-]+(:[0-9]{1,5})?"));
        }
    }
}
