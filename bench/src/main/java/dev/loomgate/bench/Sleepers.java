package dev.loomgate.bench;

import dev.loomgate.bench.harness.ProcStat;
import dev.loomgate.bench.harness.ProcStatus;
import dev.loomgate.loop.Loop;
import dev.loomgate.loop.LoopGroup;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAccumulator;

/// `loop|jdk COUNT SLEEP_MILLIS`: starts as many microthreads on one loop, or virtual threads on the JDK's
/// scheduler, lets each sleep once, and prints a [SleeperReport]. The sleep must be long enough for all to be
/// asleep at once.
public final class Sleepers {
    private final int count;
    private final Duration sleep;
    private final CountDownLatch asleep;
    private final CountDownLatch awake;
    private final LongAccumulator worstLateNanos = new LongAccumulator(Math::max, 0);

    private Sleepers(int count, Duration sleep) {
        this.count = count;
        this.sleep = sleep;
        this.asleep = new CountDownLatch(count);
        this.awake = new CountDownLatch(count);
    }

    public static void main(String[] args) throws Exception {
        int count = Integer.parseInt(args[1]);
        Duration sleep = Duration.ofMillis(Long.parseLong(args[2]));
        // A small crowd first, so that neither class loading nor interpreted code is measured.
        run(args[0], 1_000, Duration.ofMillis(100));
        System.out.println(run(args[0], count, sleep).line());
    }

    private static SleeperReport run(String kind, int count, Duration sleep) throws Exception {
        Sleepers sleepers = new Sleepers(count, sleep);
        if (kind.equals("jdk")) {
            return sleepers.measure(sleepers::startOnJdk);
        }
        try (LoopGroup loops = LoopGroup.builder().loops(1).start()) {
            Loop loop = loops.next();
            // Started by a microthread of the same loop, as an application would.
            return sleepers.measure(() -> loop.start("starter", sleepers::startOnLoop));
        }
    }

    private SleeperReport measure(Runnable starter) throws IOException, InterruptedException {
        long heapBefore = usedHeapBytes();
        long residentBefore = status().residentKib();
        long ticksBefore = ownTicks();
        long started = System.nanoTime();
        starter.run();
        await(asleep);
        long allAsleep = System.nanoTime();
        long residentAsleep = status().residentKib();
        long heapAsleep = usedHeapBytes();
        boolean allAtOnce = awake.getCount() == count;
        await(awake);
        long allAwake = System.nanoTime();
        return new SleeperReport(
                count,
                (allAsleep - started) / 1e6,
                (allAwake - started - sleep.toNanos()) / 1e6,
                worstLateNanos.get() / 1e6,
                (ownTicks() - ticksBefore) * 1e6 / ProcStat.TICKS_PER_SECOND / count,
                (heapAsleep - heapBefore) / count,
                (residentAsleep - residentBefore) * 1024 / count,
                status().peakResidentKib(),
                allAtOnce);
    }

    private void startOnLoop() {
        Loop loop = Loop.current();
        for (int i = 0; i < count; i++) {
            loop.start("sleeper", () -> sleepOnce(() -> Loop.sleep(sleep)));
        }
    }

    private void startOnJdk() {
        for (int i = 0; i < count; i++) {
            Thread.startVirtualThread(() -> sleepOnce(() -> Thread.sleep(sleep)));
        }
    }

    private interface Sleep {
        void run() throws InterruptedException;
    }

    private void sleepOnce(Sleep how) {
        try {
            asleep.countDown();
            long due = System.nanoTime() + sleep.toNanos();
            how.run();
            worstLateNanos.accumulate(System.nanoTime() - due);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        awake.countDown();
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(2, TimeUnit.MINUTES)) {
            throw new IllegalStateException(latch.getCount() + " sleepers are missing after two minutes");
        }
    }

    /// Collects twice: what only the first collection lets go of (the small crowd's threads) must not count as a
    /// gain.
    private static long usedHeapBytes() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static ProcStatus status() throws IOException {
        return ProcStatus.of(ProcessHandle.current().pid());
    }

    private static long ownTicks() {
        return ProcStat.of(ProcessHandle.current().pid()).ownTicks();
    }
}
