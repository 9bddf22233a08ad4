package dev.loomgate.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.ServerSnapshot;
import dev.loomgate.server.ServerSnapshot.RequestDurations;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoutesPanelTest {
    // Counts by buckets: 5 ms, 10 ms, ... and at the end what took longer than all.
    private static RequestDurations durations(String route, int status, long nanos, long... counts) {
        List<Long> all = new ArrayList<>(Collections.nCopies(ServerSnapshot.BOUND_NANOS.size() + 1, 0L));
        for (int i = 0; i < counts.length; i++) {
            all.set(i, counts[i]);
        }
        return new RequestDurations("GET", route, status, "1.1", "http", false, all, nanos);
    }

    @Test
    void kindsOfOneRouteAreOneRow() {
        List<RoutesPanel.Route> routes = RoutesPanel.routes(List.of(
                durations("/a", 200, 90_000_000, 90),
                durations("/b", 200, 1_000_000, 1),
                durations("/a", 500, 110_000_000, 0, 10)));

        assertThat(routes).hasSize(2);
        RoutesPanel.Route first = routes.getFirst();
        assertThat(first.count()).isEqualTo(100);
        assertThat(first.errors()).isEqualTo(10);
        assertThat(first.meanNanos()).isEqualTo(2_000_000);
        // The 50th of 90 in 0 to 5 ms; the 9th of 10 in 5 to 10 ms.
        assertThat(first.p50Nanos()).isEqualTo(5_000_000L * 50 / 90);
        assertThat(first.p99Nanos()).isEqualTo(9_500_000);
    }

    @Test
    void whatTookLongerThanAllBoundsIsTheLastBound() {
        long[] counts = new long[ServerSnapshot.BOUND_NANOS.size() + 1];
        counts[counts.length - 1] = 3;

        assertThat(RoutesPanel.routes(List.of(durations("/", 200, 1, counts)))
                        .getFirst()
                        .p50Nanos())
                .isEqualTo(ServerSnapshot.BOUND_NANOS.getLast());
    }
}
