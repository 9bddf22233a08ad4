package dev.loomgate.python.direct;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestAgesTest {
    private final RequestAges single = new RequestAges(true, 1000);
    private final RequestAges several = new RequestAges(false, 1000);

    private static Scoreboard.Reading reading(long begun, long over, long lastBegunNanos) {
        return new Scoreboard.Reading(begun, over, lastBegunNanos);
    }

    @Test
    void oneAtATimeTheAgeIsKnown() {
        single.look(reading(1, 0, 1050), 1100);
        assertThat(single.atLeastNanos()).isEqualTo(50);
        assertThat(single.atMostNanos()).isEqualTo(50);
        assertThat(single.stillNanos()).isEqualTo(50);
        single.look(reading(1, 0, 1050), 1200);
        assertThat(single.atLeastNanos()).isEqualTo(150);
        single.look(reading(1, 1, 1050), 1300);
        assertThat(single.inFlight()).isZero();
        assertThat(single.atLeastNanos()).isZero();
        assertThat(single.atMostNanos()).isZero();
    }

    @Test
    void aTimeThatIsNotWrittenYetIsNotTaken() {
        single.look(reading(1, 1, 1050), 5000);
        // The second one has begun, and the page still says when the first one did.
        single.look(reading(2, 1, 1050), 5100);
        assertThat(single.atLeastNanos()).isEqualTo(100);
        single.look(reading(2, 1, 5090), 5200);
        assertThat(single.atLeastNanos()).isEqualTo(110);
    }

    @Test
    void ofSeveralTheOldestHasRunSinceMoreHadBegunThanAreOver() {
        several.look(reading(3, 0, 0), 2000);
        several.look(reading(10, 2, 0), 2100);
        // Three had begun by 2000, and two are over: one of the three runs still.
        assertThat(several.atLeastNanos()).isEqualTo(100);
        several.look(reading(20, 3, 0), 2200);
        // All that are over may be those three.
        assertThat(several.atLeastNanos()).isZero();
        several.look(reading(20, 3, 0), 2300);
        assertThat(several.atLeastNanos()).isEqualTo(100);
        // Since the beginning there has always been one.
        assertThat(several.atMostNanos()).isEqualTo(1300);
    }

    @Test
    void aWorkerThatStandsStillIsNoticed() {
        several.look(reading(20, 18, 0), 2000);
        for (long now = 2100; now <= 5000; now += 100) {
            several.look(reading(20, 18, 0), now);
            assertThat(several.atLeastNanos()).isEqualTo(now - 2000);
            assertThat(several.stillNanos()).isEqualTo(now - 2000);
        }
    }

    @Test
    void aBusyWorkerOfQuickRequestsIsNeverOld() {
        long begun = 0;
        for (long now = 1100; now < 100_000; now += 100) {
            begun += 10;
            several.look(reading(begun, begun - 2, 0), now);
            assertThat(several.atLeastNanos()).isLessThanOrEqualTo(100);
            assertThat(several.stillNanos()).isZero();
        }
    }

    @Test
    void aWorkerWithoutRequestsHasNoOldOne() {
        several.look(reading(1, 0, 0), 2000);
        several.look(reading(1, 1, 0), 2100);
        several.look(reading(2, 1, 0), 2200);
        assertThat(several.atMostNanos()).isEqualTo(100);
    }
}
