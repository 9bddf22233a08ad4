package dev.loomgate.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TlsReportsTest {
    private static final String RESUMED = """
            Now timing with session id reuse.
            starting
            rrrr*rrr

            8 connections in 0.48s; 16.66 connections/user sec, bytes read 1208
            8 connections in 2 real seconds, 151 bytes read per connection
            """;

    @Test
    void aHandshakeOfTheOtherKindIsAnError() {
        WrkReport resumed = Handshakes.parse(RESUMED, true);
        assertThat(resumed.requests()).isEqualTo(8);
        assertThat(resumed.answered()).isEqualTo(7);
        assertThat(resumed.requestsPerSecond()).isEqualTo(4);
        assertThat(Handshakes.parse(RESUMED, false).errors()).isEqualTo(7);
    }

    @Test
    void whatOpensslCouldNotDoIsNoReport() {
        assertThatThrownBy(() -> Handshakes.parse("ERROR\n", false)).hasMessageContaining("ERROR");
    }

    @Test
    void aDownloadOfAnotherLengthOrStatusIsAnError() {
        WrkReport report = Downloads.parse("200 1000 0.5\n200 999 0.25\n404 1000 0.25\n", 1000);
        assertThat(report.requests()).isEqualTo(3);
        assertThat(report.answered()).isEqualTo(1);
        assertThat(report.requestsPerSecond()).isEqualTo(3);
    }
}
