package dev.loomgate.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.server.ServerSnapshot;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class ExpositionTest {
    private static Exposition written(Exposition.Format format) {
        Exposition page = new Exposition(format);
        page.counter("turns_total", "Turns.").value(Labels.of("loop", 0), 4711L);
        page.gauge("lag_seconds", "Lag.").value(Labels.NONE, 0.25);
        page.histograms("duration_seconds", "Duration.")
                .histogram(Labels.of("route", "/<id>"), Exposition.bounds(List.of(0.5, 1.0)), List.of(2L, 0L, 1L), 7.5);
        return page;
    }

    @Test
    void textHasTheWholeNameOfACounterAndCumulativeBuckets() {
        assertThat(written(Exposition.Format.TEXT).text()).isEqualTo("""
                # HELP turns_total Turns.
                # TYPE turns_total counter
                turns_total{loop="0"} 4711
                # HELP lag_seconds Lag.
                # TYPE lag_seconds gauge
                lag_seconds 0.25
                # HELP duration_seconds Duration.
                # TYPE duration_seconds histogram
                duration_seconds_bucket{route="/<id>",le="0.5"} 2
                duration_seconds_bucket{route="/<id>",le="1.0"} 2
                duration_seconds_bucket{route="/<id>",le="+Inf"} 3
                duration_seconds_sum{route="/<id>"} 7.5
                duration_seconds_count{route="/<id>"} 3
                """);
    }

    @Test
    void openMetricsHasFamiliesUnitsAndAnEnd() {
        assertThat(written(Exposition.Format.OPEN_METRICS).text())
                .contains("# TYPE turns counter\nturns_total{loop=\"0\"} 4711\n")
                .contains("# TYPE lag_seconds gauge\n# UNIT lag_seconds seconds\n")
                .endsWith("\n# EOF\n");
    }

    @Test
    void valuesOfLabelsCanForgeNothing() {
        Exposition page = new Exposition(Exposition.Format.TEXT);
        page.gauge("g", "G.").value(Labels.of("a", "x\"} 1\nforged{b=\"\\").and("c", "\ud800"), 1L);

        assertThat(page.text()).endsWith("g{a=\"x\\\"} 1\\nforged{b=\\\"\\\\\",c=\"\ufffd\"} 1\n");
    }

    @Test
    void aCounterEndsInTotal() {
        assertThatThrownBy(() -> new Exposition(Exposition.Format.TEXT).counter("turns", ""))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /// Those that OpenTelemetry's semantic conventions for HTTP advise, in seconds.
    @Test
    void bucketsAreTheConventions() {
        assertThat(ServerSnapshot.BOUND_NANOS.stream().map(nanos -> nanos / 1e9))
                .containsExactly(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0);
    }
}
