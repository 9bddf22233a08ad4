package dev.loomgate.server;

import dev.loomgate.gateway.direct.DirectSeries;
import dev.loomgate.server.ServerSnapshot.MeasuredRequests;
import dev.loomgate.server.ServerSnapshot.RequestDurations;
import dev.loomgate.server.observe.RequestMetrics;
import dev.loomgate.server.observe.RouteLimit;
import java.util.ArrayList;
import java.util.List;

/// What a server measures of its requests: a [RequestMetrics] of each loop, and what the application's processes answer
/// without the server in between, if they have been asked to count that.
final class Measuring {
    private final DirectMode direct;
    private final RouteLimit routes;
    private final List<RequestMetrics> loops = new ArrayList<>();

    Measuring(int mostRoutes, DirectMode direct, ServerOptions options) {
        this.direct = direct;
        routes = new RouteLimit(mostRoutes, options.nameOf("metricsRoutes"));
    }

    /// Of one more loop.
    RequestMetrics loop() {
        RequestMetrics made = new RequestMetrics(routes);
        loops.add(made);
        return made;
    }

    /// Until now. Any thread.
    MeasuredRequests now() {
        List<RequestDurations> durations = new ArrayList<>(RequestMetrics.durations(loops));
        direct.measured().stream().map(Measuring::ofDirect).forEach(each -> add(durations, each));
        return new MeasuredRequests(
                durations,
                RequestMetrics.active(loops),
                direct.requests(),
                routes.beyond(),
                loops.stream().map(RequestMetrics::sentBytes).toList());
    }

    private static void add(List<RequestDurations> all, RequestDurations more) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).isLike(more)) {
                all.set(i, all.get(i).plus(more));
                return;
            }
        }
        all.add(more);
    }

    private static RequestDurations ofDirect(DirectSeries series) {
        return new RequestDurations(
                series.method(),
                "",
                series.status(),
                RequestMetrics.version(series.protocol()),
                series.scheme(),
                false,
                series.counts().subList(0, ServerSnapshot.BOUND_NANOS.size() + 1),
                series.nanos());
    }
}
