package dev.loomgate.loop.timers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TimerQueueTest {
    private static final class Recording extends ScheduledTimer {
        private final List<Long> expired;

        Recording(TimerQueue queue, long deadline, List<Long> expired) {
            super(queue, deadline);
            this.expired = expired;
        }

        @Override
        protected void expire() {
            expired.add(deadlineNanos);
        }
    }

    /// The test's own thread is the owner.
    private static final TimerQueue.Owner AT_ONCE = new TimerQueue.Owner() {
        @Override
        public void runAsOwner(Runnable change) {
            change.run();
        }

        @Override
        public void firstDeadlineChanged() {}
    };

    @Test
    void agreesWithASortedMapWhateverIsAddedAndCancelled() {
        for (int seed = 0; seed < 500; seed++) {
            compare(new Random(seed));
        }
    }

    private static void compare(Random random) {
        TimerQueue queue = new TimerQueue(AT_ONCE);
        TreeMap<Long, ScheduledTimer> model = new TreeMap<>();
        List<Long> expired = new ArrayList<>();
        // Deadlines around the overflow of nanoTime compare by difference.
        long now = Long.MAX_VALUE - 500;
        for (int step = 0; step < 500; step++) {
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    long delay = random.nextInt(1000);
                    if (!model.containsKey(delay + step)) {
                        ScheduledTimer timer = new Recording(queue, now + delay + step, expired);
                        model.put(delay + step, timer);
                        queue.add(timer);
                    }
                }
                case 2 -> {
                    if (!model.isEmpty()) {
                        Long some = model.ceilingKey((long) random.nextInt(1000));
                        if (some != null) {
                            model.remove(some).cancel();
                        }
                    }
                }
                default -> {
                    expired.clear();
                    queue.expireDue(now + step);
                    List<Long> due = new ArrayList<>();
                    model.headMap((long) step, true).keySet().forEach(delay -> due.add(now + delay));
                    model.headMap((long) step, true).clear();
                    assertThat(expired).isEqualTo(due);
                    assertThat(queue.waitNanos(now + step)).isEqualTo(model.isEmpty() ? 0 : model.firstKey() - step);
                }
            }
        }
    }
}
