package dev.loomgate.loop.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MountedThreadsTest {
    private volatile boolean release;

    private void spin(CountDownLatch begun) {
        begun.countDown();
        while (!release) {
            Thread.onSpinWait();
        }
    }

    @Test
    void virtualThreadThatRunsIsFoundWithItsCarrierAndItsStack() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Thread thread = Thread.startVirtualThread(() -> spin(begun));
        begun.await();

        List<MountedThreads.Mounted> found = MountedThreads.now();

        release = true;
        thread.join();
        assertThat(found)
                .filteredOn(each -> each.id() == thread.threadId())
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.carrier()).startsWith("ForkJoinPool-");
                    assertThat(each.frames()).anyMatch(frame -> frame.contains("MountedThreadsTest.spin("));
                });
    }

    @Test
    void threadThatCarriesNoneIsNoneOfThem() {
        assertThat(MountedThreads.parse("""
                "main" #3 [81] prio=5 os_prio=0 cpu=59.10ms elapsed=3.14s runnable
                   java.lang.Thread.State: RUNNABLE
                	at com.example.Main.main(Main.java:4)

                "ForkJoinPool-1-worker-1" #31 [99] daemon prio=5 os_prio=0 cpu=0.42ms elapsed=2.05s waiting on condition
                   java.lang.Thread.State: WAITING (parking)
                	at jdk.internal.misc.Unsafe.park(java.base@25/Native Method)
                """)).isEmpty();
    }
}
