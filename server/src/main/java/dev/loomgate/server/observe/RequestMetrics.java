package dev.loomgate.server.observe;

import dev.loomgate.gateway.Variables;
import dev.loomgate.server.ServerSnapshot.ActiveRequests;
import dev.loomgate.server.ServerSnapshot.RequestDurations;
import dev.loomgate.server.exchange.ObservedRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/// How long a loop's requests take, by their routes and kinds. Written by the loop side alone, by plain additions; read
/// by any thread, which sums the loops up.
///
/// Requests that the application's processes answer without the server aren't among them, unless it is told of those
/// for the access log.
public final class RequestMetrics implements RequestObserver {
    /// The route of requests whose own is beyond the limit.
    public static final String OTHER = "_OTHER";

    private static final String NONE = "";

    private final RouteLimit limit;
    private final Map<String, RouteSeries> routes = new ConcurrentHashMap<>();
    private final RouteSeries none;
    private final RouteSeries other;
    private final AtomicLong sentBytes = new AtomicLong();
    private final AtomicLongArray active = new AtomicLongArray(RequestKind.METHODS_AND_SCHEMES);

    public RequestMetrics(RouteLimit limit) {
        this.limit = limit;
        none = added(NONE);
        other = added(OTHER);
    }

    @Override
    public void begun(ObservedRequest request) {
        request.takingRoute();
        count(request.variables(), 1);
    }

    @Override
    public void finished(ObservedRequest request, RequestOutcome outcome) {
        Variables variables = request.variables();
        count(variables, -1);
        int kind = RequestKind.of(
                variables.get("REQUEST_METHOD"),
                outcome.status(),
                variables.get("SERVER_PROTOCOL"),
                variables.get("wsgi.url_scheme"),
                outcome.isCutOff());
        series(request.route()).of(kind).add(outcome.nanos());
        sentBytes.setOpaque(sentBytes.getPlain() + outcome.bytesSent());
    }

    private void count(Variables variables, int by) {
        int at = RequestKind.methodAndScheme(variables.get("REQUEST_METHOD"), variables.get("wsgi.url_scheme"));
        active.setOpaque(at, active.getPlain(at) + by);
    }

    private RouteSeries series(@Nullable String route) {
        if (route == null) {
            return none;
        }
        RouteSeries known = routes.get(route);
        if (known != null) {
            return known;
        }
        return limit.admits(route) ? added(route) : other;
    }

    private RouteSeries added(String route) {
        RouteSeries made = new RouteSeries(route);
        routes.put(route, made);
        return made;
    }

    @Override
    public void flush() {
        // Nothing is kept back.
    }

    /// Content that was written of all its requests. Any thread.
    public long sentBytes() {
        return sentBytes.getOpaque();
    }

    /// The version of a protocol, as durations have it: `1.1` of `HTTP/1.1`.
    public static String version(String protocol) {
        return RequestKind.protocol(RequestKind.of("", 0, protocol, "", false));
    }

    /// The durations of several loops together, each route and kind once. Any thread.
    public static List<RequestDurations> durations(List<RequestMetrics> loops) {
        Map<String, Map<Integer, RequestDurations>> all = new HashMap<>();
        for (RequestMetrics loop : loops) {
            loop.routes.values().forEach(each -> {
                for (RequestSeries series : each.all()) {
                    all.computeIfAbsent(each.route, route -> new HashMap<>())
                            .merge(series.kind, snapshot(each.route, series), RequestDurations::plus);
                }
            });
        }
        return all.values().stream().flatMap(each -> each.values().stream()).toList();
    }

    private static RequestDurations snapshot(String route, RequestSeries series) {
        int kind = series.kind;
        return new RequestDurations(
                RequestKind.method(kind),
                route,
                RequestKind.status(kind),
                RequestKind.protocol(kind),
                RequestKind.scheme(kind),
                RequestKind.isGone(kind),
                series.buckets(),
                series.nanos());
    }

    /// The requests of several loops that have begun and not ended. Any thread.
    public static List<ActiveRequests> active(List<RequestMetrics> loops) {
        List<ActiveRequests> found = new ArrayList<>();
        for (int pair = 0; pair < RequestKind.METHODS_AND_SCHEMES; pair++) {
            String method = RequestKind.methodOfPair(pair);
            long sum = 0;
            for (RequestMetrics loop : loops) {
                sum += loop.active.getOpaque(pair);
            }
            if (!method.isEmpty() && (sum > 0 || method.equals("GET"))) {
                found.add(new ActiveRequests(method, pair % 2 == 0 ? "http" : "https", Math.max(0, sum)));
            }
        }
        return found;
    }
}
