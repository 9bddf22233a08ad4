package dev.loomgate.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventuallyTest {
    @Test
    void theConditionIsAskedUntilItHolds() throws Exception {
        AtomicInteger asked = new AtomicInteger();

        Eventually.await("the third time", () -> asked.incrementAndGet() == 3);

        assertThat(asked).hasValue(3);
    }

    @Test
    void whatDoesNotHoldInTimeFailsWithWhatWasExpected() {
        assertThatThrownBy(() -> Eventually.await(Duration.ofMillis(20), () -> "one worker", () -> false))
                .isInstanceOf(AssertionError.class)
                .hasMessage("not after PT0.02S: one worker");
    }
}
