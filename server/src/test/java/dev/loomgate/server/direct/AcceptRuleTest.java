package dev.loomgate.server.direct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.direct.SharedSocket.Takers;
import org.junit.jupiter.api.Test;

class AcceptRuleTest {
    private static final int BACKLOG = 64;

    private final AcceptRule rule = new AcceptRule(BACKLOG);

    @Test
    void atFirstNobodyElseTakesConnections() {
        assertThat(rule.accepts()).isTrue();
        assertThat(rule.dependsOnQueue()).isFalse();
    }

    @Test
    void freeProcessesTakeThemAll() {
        rule.takenBy(Takers.FREE);
        assertThat(rule.accepts()).isFalse();
        assertThat(rule.dependsOnQueue()).isFalse();
    }

    @Test
    void withBusyOnesItBeginsOverAQuarterAndEndsUnderAnEighth() {
        rule.takenBy(Takers.BUSY);
        assertThat(rule.dependsOnQueue()).isTrue();
        assertThat(rule.accepts()).isFalse();
        rule.queued(16);
        assertThat(rule.accepts()).isFalse();
        rule.queued(17);
        assertThat(rule.accepts()).isTrue();
        rule.queued(8);
        assertThat(rule.accepts()).isTrue();
        rule.queued(7);
        assertThat(rule.accepts()).isFalse();
        rule.queued(16);
        assertThat(rule.accepts()).isFalse();
    }

    @Test
    void aQueueWasNotLongOnceAProcessWasFree() {
        rule.takenBy(Takers.BUSY);
        rule.queued(BACKLOG);
        rule.takenBy(Takers.FREE);
        rule.takenBy(Takers.BUSY);
        assertThat(rule.accepts()).isFalse();
    }

    @Test
    void aQueueOfUnknownLengthIsLong() {
        rule.takenBy(Takers.BUSY);
        rule.queued(Integer.MAX_VALUE);
        assertThat(rule.accepts()).isTrue();
    }

    @Test
    void aStoppingServerAcceptsWhoeverTakesThem() {
        rule.stop();
        for (Takers takers : Takers.values()) {
            rule.takenBy(takers);
            assertThat(rule.accepts()).as("%s", takers).isTrue();
            assertThat(rule.dependsOnQueue()).isFalse();
        }
    }
}
