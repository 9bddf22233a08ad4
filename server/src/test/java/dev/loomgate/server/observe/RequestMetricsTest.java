package dev.loomgate.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Variables;
import dev.loomgate.gateway.direct.AnswerDetails;
import dev.loomgate.server.ServerSnapshot;
import dev.loomgate.server.ServerSnapshot.RequestDurations;
import dev.loomgate.server.exchange.ObservedRequest;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class RequestMetricsTest {
    private final RouteLimit limit = new RouteLimit(2, "--metrics-max-routes");
    private final RequestMetrics one = new RequestMetrics(limit);
    private final RequestMetrics other = new RequestMetrics(limit);

    private record Seen(Map<String, String> known, @Nullable String route) implements ObservedRequest, Variables {
        static Seen of(String method, @Nullable String route) {
            return new Seen(
                    Map.of("REQUEST_METHOD", method, "SERVER_PROTOCOL", "HTTP/2", "wsgi.url_scheme", "https"), route);
        }

        @Override
        public Variables variables() {
            return this;
        }

        @Override
        public @Nullable Object get(String key) {
            return known.get(key);
        }

        @Override
        public void forEach(BiConsumer<? super String, Object> action) {
            known.forEach(action);
        }

        @Override
        public @Nullable Map<String, String> logVariablesIfAny() {
            return null;
        }

        @Override
        public String requestId() {
            return "";
        }
    }

    private record Came(int status, long nanos) implements RequestOutcome {
        @Override
        public long bytesSent() {
            return 10;
        }

        @Override
        public int headBytes() {
            return UNKNOWN;
        }

        @Override
        public int headerCount() {
            return UNKNOWN;
        }

        @Override
        public boolean isFile() {
            return false;
        }

        @Override
        public boolean isCutOff() {
            return false;
        }

        @Override
        public @Nullable AnswerDetails details() {
            return null;
        }
    }

    private static void count(RequestMetrics loop, Seen request, int status, long nanos) {
        loop.begun(request);
        loop.finished(request, new Came(status, nanos));
    }

    private List<RequestDurations> all() {
        return RequestMetrics.durations(List.of(one, other));
    }

    private long requests() {
        return all().stream()
                .flatMap(each -> each.counts().stream())
                .mapToLong(Long::longValue)
                .sum();
    }

    @Test
    void loopsAreSummedUpByRouteAndKind() {
        long bound = ServerSnapshot.BOUND_NANOS.getFirst();
        count(one, Seen.of("GET", "/a/<id>"), 200, bound);
        count(other, Seen.of("GET", "/a/<id>"), 200, bound + 1);
        count(other, Seen.of("PROPFIND", null), 404, Long.MAX_VALUE / 2);

        assertThat(all())
                .anySatisfy(each -> {
                    assertThat(each.route()).isEqualTo("/a/<id>");
                    assertThat(each.method()).isEqualTo("GET");
                    assertThat(each.protocol()).isEqualTo("2");
                    assertThat(each.scheme()).isEqualTo("https");
                    assertThat(each.counts()).startsWith(1L, 1L, 0L).hasSize(15);
                    assertThat(each.nanos()).isEqualTo(2 * bound + 1);
                })
                .anySatisfy(each -> {
                    assertThat(each.method()).isEqualTo("_OTHER");
                    assertThat(each.route()).isEmpty();
                    assertThat(each.counts()).endsWith(1L);
                })
                .hasSize(2);
        assertThat(one.sentBytes() + other.sentBytes()).isEqualTo(30);
    }

    @Test
    void routesHaveABoundOverAllLoops() {
        for (int i = 0; i < 1000; i++) {
            count(i % 2 == 0 ? one : other, Seen.of("GET", "/" + i), 200, 1);
        }

        assertThat(all().stream().map(RequestDurations::route)).containsExactlyInAnyOrder("/0", "/1", "_OTHER");
        assertThat(limit.beyond()).isEqualTo(998);
        assertThat(requests()).isEqualTo(1000);
    }

    @Test
    void kindsOfARouteHaveABound() {
        for (int status = 100; status < 1000; status++) {
            count(one, Seen.of("GET", "/"), status, 1);
        }

        assertThat(all()).hasSizeLessThanOrEqualTo(101).anyMatch(each -> each.status() == 0);
        assertThat(requests()).isEqualTo(900);
    }

    @Test
    void whatRunsIsCountedByMethodAndScheme() {
        one.begun(Seen.of("POST", null));

        assertThat(RequestMetrics.active(List.of(one, other)))
                .contains(new ServerSnapshot.ActiveRequests("POST", "https", 1));
    }
}
