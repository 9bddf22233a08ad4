package dev.loomgate.opentelemetry;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.StartResponse;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.function.Consumer;

/// Makes a span around each call of an application.
record TracedApplication(Application inner, Tracer tracer, TextMapPropagator propagator) implements Application {
    private static final String ROUTE = "loomgate.route";

    @Override
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        RequestFacts facts = RequestFacts.of(environ);
        // Not the current context: a thread may have kept one that isn't this request's.
        Context parent = EnvironFields.extract(propagator, environ);
        Span span = tracer.spanBuilder(facts.method())
                .setSpanKind(SpanKind.SERVER)
                .setParent(parent)
                .setAllAttributes(facts.spanAttributes())
                .startSpan();
        Context context = parent.with(span);
        ServerSpan request = new ServerSpan(span, context, facts.method());
        try (Scope _ = context.makeCurrent()) {
            EnvironFields.inject(propagator, context, environ);
            hearOfRoute(environ, request);
            Body body = inner.call(
                    environ, StartResponse.mapping(startResponse, (status, headers) -> request.started(status.code())));
            return TracedBody.of(body, request);
        } catch (Throwable thrown) {
            request.callThrew(thrown);
            request.end();
            throw thrown;
        }
    }

    // The container, which counts by it, hears of it as before.
    @SuppressWarnings("unchecked") // a container gives no other consumer
    private static void hearOfRoute(Environ environ, ServerSpan request) {
        Consumer<String> own = request::routed;
        environ.put(
                ROUTE, environ.get(ROUTE) instanceof Consumer<?> outer ? own.andThen((Consumer<String>) outer) : own);
    }
}
