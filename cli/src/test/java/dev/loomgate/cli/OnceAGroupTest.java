package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A signal to the process group comes to the server and to each zygote, in any order.
@Timeout(60)
class OnceAGroupTest {
    private final OnceAGroup signal = new OnceAGroup();
    private final Semaphore effects = new Semaphore(0);

    private boolean another(long millis) throws InterruptedException {
        return effects.tryAcquire(millis, TimeUnit.MILLISECONDS);
    }

    @Test
    void whatComesHereHasItsEffectAtOnceEachTime() {
        for (int i = 1; i <= 5; i++) {
            signal.came(effects::release);
            assertThat(effects.availablePermits()).isEqualTo(i);
        }
    }

    @Test
    void whatComesElsewhereAloneHasItsEffectOnce() throws Exception {
        for (int i = 0; i < 3; i++) {
            signal.cameElsewhere(effects::release);
        }
        assertThat(another(30_000)).isTrue();
        assertThat(another(600)).isFalse();
    }

    @Test
    void whatComesHereFirstIsNotRepeated() throws Exception {
        signal.came(effects::release);
        signal.cameElsewhere(effects::release);
        assertThat(another(0)).isTrue();
        assertThat(another(600)).isFalse();
    }

    @Test
    void whatComesHereAfterwardsIsNotRepeated() throws Exception {
        signal.cameElsewhere(effects::release);
        signal.cameElsewhere(effects::release);
        signal.came(effects::release);
        assertThat(another(0)).isTrue();
        assertThat(another(600)).isFalse();
    }

    @Test
    void aLaterOneElsewhereHasItsEffectAgain() throws Exception {
        signal.came(effects::release);
        assertThat(another(0)).isTrue();
        Thread.sleep(1100); // for as long the two would be one
        signal.cameElsewhere(effects::release);
        assertThat(another(30_000)).isTrue();
    }
}
