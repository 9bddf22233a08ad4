package dev.loomgate.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WrkReportTest {
    private static final String CLEAN = """
            Running 2s test @ http://127.0.0.1:18080/
              1 threads and 64 connections
              Thread Stats   Avg      Stdev     Max   +/- Stdev
                Latency     2.55ms  497.07us   6.99ms   81.90%
                Req/Sec    25.00k     1.46k   28.73k    80.00%
              Latency Distribution
                 50%  870.00us
                 75%    2.74ms
                 90%    1.02s
                 99%    1.25m
              49754 requests in 2.00s, 7.59MB read
            Requests/sec:  24816.87
            Transfer/sec:      3.79MB
            """;

    @Test
    void latenciesComeInMillisecondsWhateverTheirUnit() {
        WrkReport report = WrkReport.parse(CLEAN);

        assertThat(report.medianMillis()).isEqualTo(0.87);
        assertThat(report.p99Millis()).isEqualTo(75_000);
        assertThat(WrkReport.parse(CLEAN.replace("1.25m", "1.25s")).p99Millis()).isEqualTo(1250);
        assertThat(WrkReport.parse(CLEAN.replace("1.25m", "7.13ms")).p99Millis())
                .isEqualTo(7.13);
    }

    @Test
    void aCleanRunHasRequestsAndNoErrors() {
        WrkReport report = WrkReport.parse(CLEAN);

        assertThat(report.requests()).isEqualTo(49_754);
        assertThat(report.answered()).isEqualTo(49_754);
        assertThat(report.requestsPerSecond()).isEqualTo(24_816.87);
        assertThat(report.errors()).isZero();
        assertThat(report.complaints()).isEmpty();
    }

    @Test
    void refusalsAreNoAnswersAndSocketErrorsAreAddedUp() {
        WrkReport report = WrkReport.parse(CLEAN + """
                  Socket errors: connect 1, read 20, write 300, timeout 4000
                  Non-2xx or 3xx responses: 9754
                """);

        assertThat(report.answered()).isEqualTo(40_000);
        assertThat(report.socketErrors()).isEqualTo(4321);
        assertThat(report.errors()).isEqualTo(14_075);
    }

    @Test
    void anythingElseIsNoReport() {
        assertThatThrownBy(() -> WrkReport.parse("unable to connect to 127.0.0.1:1 Connection refused"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Connection refused");
    }
}
