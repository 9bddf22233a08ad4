package dev.loomgate.opentelemetry;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.ServerStartException;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.HttpPeer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.util.List;

/// A server over HTTP whose application is traced, with its specification checked on both sides, and the spans that
/// it has made.
final class Traced implements AutoCloseable {
    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final OpenTelemetrySdk telemetry = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                    .build())
            .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
            .build();
    private final Server server;

    Traced(Application application) throws ServerStartException {
        Application checked = new Lint().wrap(new Tracing(telemetry).wrap(new Lint().wrap(application)));
        server = Server.builder(checked)
                .options(quietly())
                .listen(ListenAddress.http("127.0.0.1:0"))
                .start();
    }

    /// One loop, no access log.
    static ServerOptions quietly() {
        return ServerOptions.builder()
                .loops(1)
                .accessLog(false)
                .accessLogTo(OutputStream.nullOutputStream())
                .build();
    }

    SocketAddress address() {
        return server.addresses().getFirst().socketAddress();
    }

    OpenTelemetrySdk telemetry() {
        return telemetry;
    }

    /// One GET on a connection of its own.
    ///
    /// @param fields as they are sent, each with its line's end
    HttpPeer.Answer get(String target, String fields) throws IOException {
        try (HttpPeer peer = HttpPeer.to(address())) {
            return peer.send("GET " + target + " HTTP/1.1\r\nHost: shop.example\r\n" + fields + "\r\n")
                    .answer();
        }
    }

    /// The spans that have ended, once there are so many.
    List<SpanData> spans(int count) throws Exception {
        Eventually.await(
                () -> count + " spans, not " + exporter.getFinishedSpanItems(),
                () -> exporter.getFinishedSpanItems().size() >= count);
        return exporter.getFinishedSpanItems();
    }

    /// The only span.
    SpanData span() throws Exception {
        return spans(1).getFirst();
    }

    @Override
    public void close() {
        server.close();
        telemetry.close();
    }
}
