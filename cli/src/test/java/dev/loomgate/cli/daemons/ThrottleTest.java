package dev.loomgate.cli.daemons;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How long a command that ends at once waits for its next start.
class ThrottleTest {
    private static List<Long> waitsOfOneThatEndsAtOnce(int most) {
        List<Long> waits = new ArrayList<>();
        long sinceLast = 0;
        for (int starts = 1; starts <= 12; starts++) {
            long wait = Throttle.seconds(starts, sinceLast, most);
            waits.add(wait);
            sinceLast = wait;
        }
        return waits;
    }

    @Test
    void theWaitGrowsWithTheStartsAsInUwsgi() {
        assertThat(waitsOfOneThatEndsAtOnce(0)).containsExactly(1L, 1L, 2L, 2L, 3L, 3L, 4L, 0L, 9L, 0L, 11L, 0L);
    }

    @Test
    void theWaitIsLimited() {
        assertThat(waitsOfOneThatEndsAtOnce(2)).containsExactly(1L, 1L, 2L, 2L, 2L, 2L, 2L, 2L, 2L, 2L, 2L, 2L);
        assertThat(Throttle.seconds(5000, 0, 0)).isEqualTo(300);
    }

    @Test
    void oneThatLivedForSomeSecondsDoesNotWait() {
        assertThat(Throttle.seconds(100, 4, 0)).isZero();
    }
}
