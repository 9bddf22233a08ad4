package dev.loomgate.loop.waiting;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.loop.Loop;
import dev.loomgate.loop.LoopGroup;
import dev.loomgate.loop.Task;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@Tag("timing")
class ParkingTest {
    /// An owner as there are several: a number that one side takes from and others add to.
    private static final class Account {
        private final Parking parking = new Parking();
        private int left; // guarded by this

        synchronized void add(int more) {
            left += more;
            parking.wake();
        }

        int take() throws InterruptedException {
            while (true) {
                synchronized (this) {
                    if (left > 0) {
                        int taken = left;
                        left = 0;
                        parking.end();
                        return taken;
                    }
                    parking.begin();
                }
                if (!Parking.park(this)) {
                    throw Parking.interruption("interrupted while the account is empty");
                }
            }
        }

        synchronized boolean isAwaited() {
            return parking.isAwaited();
        }
    }

    @Test
    void noWakeUpIsLostBetweenTwoLoops() throws Exception {
        int count = 50_000;
        Account there = new Account();
        Account back = new Account();
        try (LoopGroup group = LoopGroup.builder().loops(2).start()) {
            Loop first = group.loops().getFirst();
            Loop second = group.loops().getLast();
            Task<Integer> echo = second.createTask(() -> {
                for (int i = 0; i < count; i++) {
                    back.add(there.take());
                }
                return count;
            });
            Task<Integer> caller = first.createTask(() -> {
                int sum = 0;
                for (int i = 0; i < count; i++) {
                    there.add(1);
                    sum += back.take();
                }
                return sum;
            });

            assertThat(caller.get(50, SECONDS)).isEqualTo(count);
            assertThat(echo.get(50, SECONDS)).isEqualTo(count);
        }
    }

    @Test
    void nobodyWaitsOnceThereIsSomething() throws Exception {
        Account account = new Account();
        account.add(1);

        assertThat(account.take()).isEqualTo(1);
        assertThat(account.isAwaited()).isFalse();
    }

    @Test
    void anInterruptEndsTheWaitAndStaysSet() {
        Thread.currentThread().interrupt();

        assertThat(Parking.park(this)).isFalse();
        assertThat(Parking.parkNanos(this, 1_000_000)).isFalse();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void theExceptionTakesTheInterrupt() {
        Thread.currentThread().interrupt();

        assertThat(Parking.interruption("interrupted in a test")).hasMessage("interrupted in a test");
        assertThat(Thread.interrupted()).isFalse();
    }
}
