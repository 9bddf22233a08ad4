package dev.loomgate.cli.metrics;

import dev.loomgate.server.ServerSnapshot;
import dev.loomgate.server.ServerSnapshot.MeasuredRequests;
import dev.loomgate.server.ServerSnapshot.RequestDurations;
import java.util.Comparator;
import java.util.List;

/// Metrics of requests, by OpenTelemetry's names for HTTP servers as Prometheus writes them.
///
/// Source: OpenTelemetry semantic conventions 1.23 and later, HTTP metrics.
final class RequestFamilies {
    private static final double NANOS = 1e9;
    private static final int SERVER_ERROR = 500;

    private static final List<String> BOUNDS = Exposition.bounds(
            ServerSnapshot.BOUND_NANOS.stream().map(nanos -> nanos / NANOS).toList());

    private RequestFamilies() {}

    static void write(MeasuredRequests requests, Exposition page) {
        page.histograms("http_server_request_duration_seconds", "Duration of HTTP server requests.");
        requests.durations().stream()
                .sorted(Comparator.comparing(RequestDurations::route)
                        .thenComparing(RequestDurations::method)
                        .thenComparing(RequestDurations::status))
                .forEach(each -> page.histogram(labels(each), BOUNDS, each.counts(), each.nanos() / NANOS));
        page.gauge("http_server_active_requests", "Number of active HTTP server requests.");
        requests.active()
                .forEach(each -> page.value(
                        Labels.of("http_request_method", each.method()).and("url_scheme", each.scheme()),
                        each.count()));
        page.gauge(
                        "loomgate_direct_requests",
                        "Requests that Python workers have taken themselves and that run, in direct mode.")
                .value(Labels.NONE, requests.directActive());
        page.counter(
                        "loomgate_metrics_route_overflow_total",
                        "Requests with a route beyond --metrics-max-routes, counted with the route _OTHER.")
                .value(Labels.NONE, requests.beyondRoutes());
        page.counter("loomgate_loop_sent_bytes_total", "Content that the server has written, by loop.");
        for (int loop = 0; loop < requests.sentBytes().size(); loop++) {
            page.value(Labels.of("loop", loop), requests.sentBytes().get(loop));
        }
    }

    private static Labels labels(RequestDurations of) {
        return Labels.of("http_request_method", of.method())
                .andIfAny("http_response_status_code", of.status() == 0 ? "" : Integer.toString(of.status()))
                .andIfAny("http_route", of.route())
                .andIfAny("network_protocol_version", of.protocol())
                .and("url_scheme", of.scheme())
                .andIfAny("error_type", error(of));
    }

    // The conventions: the status where that says the error, or a word of few.
    private static String error(RequestDurations of) {
        if (of.isClientGone()) {
            return "client_disconnected";
        }
        return of.status() >= SERVER_ERROR ? Integer.toString(of.status()) : "";
    }
}
