package dev.loomgate.python.requests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.python.snapshot.WorkDone;
import org.junit.jupiter.api.Test;

class WorkerLedgerTest {
    private final WorkerLedger ledger = new WorkerLedger(2);

    @Test
    void theMeanIsThatOfWhatHasEndedSinceTheLookBefore() {
        assertThat(ledger.meanNanos(WorkDone.NONE)).isZero();
        assertThat(ledger.meanNanos(new WorkDone(4, 0, 0, 0, 400))).isEqualTo(100);
        assertThat(ledger.meanNanos(new WorkDone(4, 0, 0, 0, 400))).isEqualTo(100);
        assertThat(ledger.meanNanos(new WorkDone(6, 0, 0, 0, 2400))).isEqualTo(1000);
    }

    @Test
    void deadProcessesCount() {
        ledger.spawned();
        ledger.add(new WorkDone(3, 1, 0, 10, 30), new WorkerCounts());
        ledger.spawned();
        ledger.add(new WorkDone(1, 0, 1, 5, 20), new WorkerCounts());
        assertThat(ledger.done()).isEqualTo(new WorkDone(4, 1, 1, 15, 50));
        assertThat(ledger.spawns()).isEqualTo(2);
        assertThat(ledger.byPlace()).containsExactly(0, 0);
    }
}
