package dev.loomgate.python.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff();

    private List<Long> millis(int deaths, boolean served) {
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < deaths; i++) {
            waits.add(backoff.died(Duration.ofSeconds(1).toNanos(), served).toMillis());
        }
        return waits;
    }

    @Test
    void whoHasServedIsBackWithinASecond() {
        assertThat(millis(8, true)).containsExactly(0L, 100L, 200L, 400L, 800L, 1000L, 1000L, 1000L);
    }

    @Test
    void whoCannotStartIsTriedMoreAndMoreSeldom() {
        assertThat(millis(12, false))
                .containsExactly(0L, 100L, 200L, 400L, 800L, 1600L, 3200L, 6400L, 12_800L, 25_600L, 30_000L, 30_000L);
        assertThat(millis(100, false)).containsOnly(30_000L);
    }

    @Test
    void aLongLifeMakesAllWellAgain() {
        millis(5, true);
        assertThat(backoff.died(Duration.ofSeconds(10).toNanos(), true)).isZero();
        assertThat(millis(2, true)).containsExactly(0L, 100L);
    }
}
