package dev.loomgate.cli.dashboard;

import dev.loomgate.cli.live.LiveServer;
import dev.loomgate.server.ServerSnapshot;
import dev.loomgate.server.ServerSnapshot.RequestDurations;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The slowest routes since the start.
record RoutesPanel() implements Panel {
    private static final int MOST = 50;
    private static final int SERVER_ERROR = 500;

    /// @param route the template; empty for requests whose application hasn't said one
    /// @param count requests that are over
    /// @param errors those of them that had a status from 500 on
    /// @param p50Nanos the median, as far as the histogram tells it; above its last bound that bound
    /// @param p99Nanos likewise
    /// @param meanNanos on average
    record Route(String method, String route, long count, long errors, long p50Nanos, long p99Nanos, long meanNanos) {}

    private record Figures(int routes, List<Route> slowest) {}

    @Override
    public String name() {
        return "routes";
    }

    @Override
    public Object figures(LiveServer.Moment moment) {
        List<Route> routes = moment.server()
                .requests()
                .map(measured -> routes(measured.durations()))
                .orElse(List.of());
        return new Figures(
                routes.size(),
                routes.stream()
                        .sorted(Comparator.comparingLong(Route::p99Nanos)
                                .thenComparingLong(Route::count)
                                .reversed())
                        .limit(MOST)
                        .toList());
    }

    /// Those of one method and route together.
    static List<Route> routes(List<RequestDurations> durations) {
        Map<List<String>, List<RequestDurations>> kinds = new LinkedHashMap<>();
        for (RequestDurations each : durations) {
            kinds.computeIfAbsent(List.of(each.method(), each.route()), key -> new ArrayList<>())
                    .add(each);
        }
        return kinds.values().stream().map(RoutesPanel::route).toList();
    }

    private static Route route(List<RequestDurations> kinds) {
        long[] counts = new long[kinds.getFirst().counts().size()];
        long count = 0;
        long errors = 0;
        long nanos = 0;
        for (RequestDurations kind : kinds) {
            for (int i = 0; i < counts.length; i++) {
                counts[i] += kind.counts().get(i);
                count += kind.counts().get(i);
                errors += kind.status() >= SERVER_ERROR ? kind.counts().get(i) : 0;
            }
            nanos += kind.nanos();
        }
        return new Route(
                kinds.getFirst().method(),
                kinds.getFirst().route(),
                count,
                errors,
                quantile(counts, count, 0.5),
                quantile(counts, count, 0.99),
                count == 0 ? 0 : nanos / count);
    }

    // As histogram_quantile of Prometheus: evenly within a bucket.
    private static long quantile(long[] counts, long count, double share) {
        double rank = share * count;
        long before = 0;
        for (int i = 0; i < ServerSnapshot.BOUND_NANOS.size(); i++) {
            if (counts[i] > 0 && before + counts[i] >= rank) {
                long from = i == 0 ? 0 : ServerSnapshot.BOUND_NANOS.get(i - 1);
                long width = ServerSnapshot.BOUND_NANOS.get(i) - from;
                return from + (long) (width * (rank - before) / counts[i]);
            }
            before += counts[i];
        }
        return count == 0 ? 0 : ServerSnapshot.BOUND_NANOS.getLast();
    }
}
