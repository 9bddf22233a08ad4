package dev.loomgate.micrometer;

import dev.loomgate.server.FinishedRequest;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Times the requests of a server: the timer `http.server.requests`, as other servers for Java have it, so that
/// dashboards made for those show this one.
///
/// ```java
/// Server server = Server.builder(application)
///         .observe(new RequestTimers(registry))
///         .listen(ListenAddress.http("127.0.0.1:8000"))
///         .start();
/// ```
///
/// | tag | value |
/// |---|---|
/// | `method` | `GET`; `UNKNOWN` for what RFC 9110 and RFC 5789 don't define |
/// | `uri` | the route's pattern, such as `/user/<name>`, never the path; `UNKNOWN` where nobody has told it |
/// | `status` | `200`; `CLIENT_CLOSED` if the client left before there was one |
/// | `outcome` | `SUCCESS`, `REDIRECTION`, `CLIENT_ERROR`, `SERVER_ERROR`, `INFORMATIONAL`, `UNKNOWN` |
///
/// Histograms and percentiles are asked for as always, by a `MeterFilter` of the registry.
public final class RequestTimers implements Supplier<Consumer<FinishedRequest>> {
    private static final String UNKNOWN = "UNKNOWN";
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");
    private static final int CLIENT_CLOSED_REQUEST = 499;

    private final MeterRegistry registry;

    /// @param registry where the timers are
    public RequestTimers(MeterRegistry registry) {
        this.registry = registry;
    }

    /// What one loop tells of its requests.
    @Override
    public Consumer<FinishedRequest> get() {
        // One loop's, so that no two threads look for a timer in the same map.
        Map<Kind, Timer> timers = new HashMap<>();
        return request -> timers.computeIfAbsent(Kind.of(request), this::timer).record(request.duration());
    }

    private Timer timer(Kind kind) {
        return Timer.builder("http.server.requests")
                .description("How long requests have taken")
                .tag("method", kind.method())
                .tag("uri", kind.route())
                .tag("status", kind.isAnswered() ? Integer.toString(kind.status()) : "CLIENT_CLOSED")
                .tag("outcome", kind.outcome())
                .register(registry);
    }

    // As many as there are methods, routes and statuses: what a client sends makes no others.
    private record Kind(String method, String route, int status) {
        static Kind of(FinishedRequest request) {
            String method = request.text("REQUEST_METHOD", UNKNOWN);
            return new Kind(
                    METHODS.contains(method) ? method : UNKNOWN,
                    request.route().isEmpty() ? UNKNOWN : request.route(),
                    request.status());
        }

        boolean isAnswered() {
            return status != CLIENT_CLOSED_REQUEST;
        }

        String outcome() {
            if (!isAnswered()) {
                return UNKNOWN;
            }
            return switch (status / 100) {
                case 1 -> "INFORMATIONAL";
                case 2 -> "SUCCESS";
                case 3 -> "REDIRECTION";
                case 4 -> "CLIENT_ERROR";
                case 5 -> "SERVER_ERROR";
                default -> UNKNOWN;
            };
        }
    }
}
