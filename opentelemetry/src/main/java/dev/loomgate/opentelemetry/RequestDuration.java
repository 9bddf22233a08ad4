package dev.loomgate.opentelemetry;

import dev.loomgate.server.FinishedRequest;
import dev.loomgate.server.ServerSnapshot;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleHistogram;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Measures a server's requests: the histogram `http.server.request.duration`, in seconds, with the buckets that the
/// semantic conventions advise.
///
/// ```java
/// Server server = Server.builder(application)
///         .observe(new RequestDuration(openTelemetry))
///         .listen(ListenAddress.http("127.0.0.1:8000"))
///         .start();
/// ```
///
/// Unlike spans, which [Tracing] makes around an application, this includes requests that were refused before the
/// application was called, and those that Python workers answer without the server in between.
///
/// Attributes: `http.request.method`, `http.route` where somebody has told it, `http.response.status_code`,
/// `url.scheme`, `network.protocol.version`, `error.type`: the status from 500 on, `client_gone` if the client left
/// before there was one. Source: OpenTelemetry Semantic Conventions, "HTTP Metrics".
public final class RequestDuration implements Supplier<Consumer<FinishedRequest>> {
    private static final double NANOS = 1e9;
    private static final List<Double> BUCKETS =
            ServerSnapshot.BOUND_NANOS.stream().map(nanos -> nanos / NANOS).toList();
    private static final int CLIENT_CLOSED_REQUEST = 499;
    private static final int INTERNAL_ERROR = 500;

    private final DoubleHistogram durations;

    /// @param openTelemetry whose meter is used
    public RequestDuration(OpenTelemetry openTelemetry) {
        durations = openTelemetry
                .getMeter(Tracing.SCOPE)
                .histogramBuilder("http.server.request.duration")
                .setUnit("s")
                .setDescription("Duration of HTTP server requests.")
                .setExplicitBucketBoundariesAdvice(BUCKETS)
                .build();
    }

    /// What one loop tells of its requests.
    @Override
    public Consumer<FinishedRequest> get() {
        return request -> durations.record(request.duration().toNanos() / NANOS, attributes(request));
    }

    private static Attributes attributes(FinishedRequest request) {
        AttributesBuilder attributes = Attributes.builder()
                .put(RequestFacts.METHOD, RequestFacts.methodOf(request.text("REQUEST_METHOD", RequestFacts.OTHER)))
                .put(RequestFacts.SCHEME, request.text("wsgi.url_scheme", "http"))
                .put(RequestFacts.VERSION, RequestFacts.versionOf(request.text("SERVER_PROTOCOL", "HTTP/1.1")));
        if (!request.route().isEmpty()) {
            attributes.put(RequestFacts.ROUTE, request.route());
        }
        int status = request.status();
        if (status == CLIENT_CLOSED_REQUEST) {
            attributes.put(RequestFacts.ERROR, "client_gone");
        } else {
            attributes.put(RequestFacts.STATUS, status);
            if (status >= INTERNAL_ERROR) {
                attributes.put(RequestFacts.ERROR, Integer.toString(status));
            }
        }
        return attributes.build();
    }
}
