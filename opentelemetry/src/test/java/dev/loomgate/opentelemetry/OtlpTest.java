package dev.loomgate.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.testkit.client.HttpPeer;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Spans and measurements on their way out, by the SDK's exporter with the JDK's HTTP client, to a receiver that reads
/// OTLP.
@Timeout(60)
class OtlpTest {
    private static final Application SITE = (environ, startResponse) -> {
        environ.routed("/user/<id>");
        boolean fails = environ.path().equals("/fails");
        startResponse.start(fails ? Status.of(503) : Status.OK, Headers.of("Content-Type", "text/plain"));
        return Body.text("hello");
    };

    private final BlockingQueue<byte[]> traces = new LinkedBlockingQueue<>();
    private final BlockingQueue<byte[]> metrics = new LinkedBlockingQueue<>();
    private HttpServer receiver;
    private OpenTelemetrySdk telemetry;

    @BeforeEach
    void listen() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/v1/traces", exchange -> receive(exchange, traces));
        receiver.createContext("/v1/metrics", exchange -> receive(exchange, metrics));
        receiver.start();
        String place = "http://127.0.0.1:" + receiver.getAddress().getPort();
        telemetry = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(BatchSpanProcessor.builder(OtlpHttpSpanExporter.builder()
                                        .setEndpoint(place + "/v1/traces")
                                        .build())
                                .build())
                        .build())
                .setMeterProvider(SdkMeterProvider.builder()
                        .registerMetricReader(PeriodicMetricReader.create(OtlpHttpMetricExporter.builder()
                                .setEndpoint(place + "/v1/metrics")
                                .build()))
                        .build())
                .build();
    }

    @AfterEach
    void end() {
        telemetry.close();
        receiver.stop(0);
    }

    private static void receive(HttpExchange exchange, BlockingQueue<byte[]> received) throws IOException {
        received.add(exchange.getRequestBody().readAllBytes());
        exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
        exchange.sendResponseHeaders(200, -1); // an empty message of protobuf: all is well
        exchange.close();
    }

    // Their ends are told before the server has stopped.
    private void ask(String... targets) throws Exception {
        try (Server server = Server.builder(new Tracing(telemetry).wrap(SITE))
                        .options(Traced.quietly())
                        .observe(new RequestDuration(telemetry))
                        .listen(ListenAddress.http("127.0.0.1:0"))
                        .start();
                HttpPeer peer = HttpPeer.to(server.addresses().getFirst().socketAddress())) {
            for (String target : targets) {
                peer.get(target).answer();
            }
        }
    }

    private static Map<String, String> texts(List<KeyValue> attributes) {
        return attributes.stream()
                .collect(Collectors.toMap(
                        KeyValue::getKey,
                        each -> each.getValue().hasIntValue()
                                ? Long.toString(each.getValue().getIntValue())
                                : each.getValue().getStringValue()));
    }

    @Test
    void spansAreSentAsOtlp() throws Exception {
        ask("/user/7?a=b");
        assertThat(telemetry
                        .getSdkTracerProvider()
                        .forceFlush()
                        .join(20, TimeUnit.SECONDS)
                        .isSuccess())
                .isTrue();
        Span span = ExportTraceServiceRequest.parseFrom(traces.take())
                .getResourceSpans(0)
                .getScopeSpans(0)
                .getSpans(0);
        assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
        assertThat(texts(span.getAttributesList()))
                .containsEntry("http.request.method", "GET")
                .containsEntry("url.path", "/user/7")
                .containsEntry("http.response.status_code", "200");
    }

    @Test
    void durationsAreSentInTheAdvisedBuckets() throws Exception {
        ask("/user/7", "/user/8", "/fails");
        assertThat(telemetry
                        .getSdkMeterProvider()
                        .forceFlush()
                        .join(20, TimeUnit.SECONDS)
                        .isSuccess())
                .isTrue();
        Metric metric = ExportMetricsServiceRequest.parseFrom(metrics.take())
                .getResourceMetrics(0)
                .getScopeMetrics(0)
                .getMetrics(0);
        assertThat(metric.getName()).isEqualTo("http.server.request.duration");
        assertThat(metric.getUnit()).isEqualTo("s");
        List<HistogramDataPoint> points = metric.getHistogram().getDataPointsList();
        assertThat(points).hasSize(2).allSatisfy(point -> {
            assertThat(point.getExplicitBoundsList())
                    .containsExactly(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0);
            assertThat(point.getSum()).isPositive();
        });
        Map<String, String> fine = Map.of(
                "http.request.method", "GET",
                "http.route", "/user/<id>",
                "http.response.status_code", "200",
                "url.scheme", "http",
                "network.protocol.version", "1.1");
        assertThat(points).anySatisfy(point -> {
            assertThat(point.getCount()).isEqualTo(2);
            assertThat(texts(point.getAttributesList())).isEqualTo(fine);
        });
        assertThat(points).anySatisfy(point -> assertThat(texts(point.getAttributesList()))
                .containsEntry("http.response.status_code", "503")
                .containsEntry("error.type", "503"));
    }
}
