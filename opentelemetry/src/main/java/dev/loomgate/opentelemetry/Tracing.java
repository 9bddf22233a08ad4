package dev.loomgate.opentelemetry;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.Middleware;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.propagation.TextMapPropagator;

/// A span for each request, on any gateway server.
///
/// ```java
/// Application traced = new Tracing(openTelemetry).wrap(application);
/// ```
///
/// The span continues the trace that the request's fields name (W3C `traceparent`, `tracestate`, or whatever
/// propagators `openTelemetry` has), and is current while the application runs, writes a streamed body, serves a
/// WebSocket, and closes its body: clients, JDBC drivers and logs that know OpenTelemetry make it their parent. In the
/// environ the fields name the span instead, so that an application behind another interface finds its parent there:
/// `HTTP_TRACEPARENT` of a Python program.
///
/// It ends when the body is closed. Its attributes are those of the semantic conventions for HTTP servers; of the
/// request's fields only `Host` and `User-Agent` are among them, and the query isn't.
///
/// Requests that are refused before the application is called have no span.
///
/// Source: W3C Trace Context; OpenTelemetry Semantic Conventions, "HTTP Spans".
public final class Tracing implements Middleware {
    /// The instrumentation's name.
    static final String SCOPE = "dev.loomgate.opentelemetry";

    private final Tracer tracer;
    private final TextMapPropagator propagator;

    /// @param openTelemetry whose tracer and propagators are used
    public Tracing(OpenTelemetry openTelemetry) {
        tracer = openTelemetry.getTracer(SCOPE);
        propagator = openTelemetry.getPropagators().getTextMapPropagator();
    }

    /// The application with a span around each call. It keeps the inner application's hooks.
    @Override
    public Application wrap(Application inner) {
        return Lifecycle.passOn(inner, new TracedApplication(inner, tracer, propagator));
    }
}
