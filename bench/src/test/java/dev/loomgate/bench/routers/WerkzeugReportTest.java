package dev.loomgate.bench.routers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.bench.harness.Spread;
import org.junit.jupiter.api.Test;

class WerkzeugReportTest {
    @Test
    void versionsComeFirstAndThenALineForEachRound() {
        assertThat(WerkzeugReport.parse("2.2.2 3.11.2\n4076.5 7862.25\n4035.5 7816.25\n8168.5 10011.25\n"))
                .isEqualTo(new WerkzeugReport(
                        "Werkzeug 2.2.2 (Python 3.11.2), `match`",
                        new Spread(4035.5, 4076.5, 8168.5),
                        new Spread(7816.25, 7862.25, 10011.25)));
    }

    @Test
    void anythingElseIsNoReport() {
        assertThatThrownBy(() -> WerkzeugReport.parse("Traceback (most recent call last):\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Traceback");
    }
}
