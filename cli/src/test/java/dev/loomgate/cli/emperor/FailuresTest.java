package dev.loomgate.cli.emperor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FailuresTest {
    private static final Instant NOW = Instant.EPOCH;

    private static List<Long> pauses(Failures failures, int count) {
        return Stream.generate(() -> failures.add(NOW).toMillis()).limit(count).toList();
    }

    @Test
    void theFirstOneCostsNoPauseAndEachFurtherOneAStepMoreUpToTheMost() {
        Failures failures = new Failures(Duration.ofSeconds(1), Duration.ofMillis(2500));

        assertThat(pauses(failures, 5)).containsExactly(0L, 1000L, 2000L, 2500L, 2500L);

        failures.clear();
        assertThat(pauses(failures, 2)).containsExactly(0L, 1000L);
    }

    @Test
    void withoutAStepThereAreNoPauses() {
        assertThat(pauses(new Failures(Duration.ZERO, Duration.ofMinutes(3)), 3))
                .containsExactly(0L, 0L, 0L);
    }

    @Test
    void whatHasServedForLessThanItsPauseHasFailed() {
        Failures failures = new Failures(Duration.ofSeconds(1), Duration.ofMinutes(3));
        assertThat(failures.isLongEnough(Duration.ofSeconds(1))).isFalse();
        assertThat(failures.isLongEnough(Duration.ofSeconds(2))).isTrue();

        pauses(failures, 4);

        assertThat(failures.isLongEnough(Duration.ofSeconds(2))).isFalse();
        assertThat(failures.isLongEnough(Duration.ofSeconds(4))).isTrue();
    }
}
