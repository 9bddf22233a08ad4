package dev.loomgate.cli;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// One signal that may come to several processes of the server at once, and then has its effect once. Any thread.
///
/// What comes to this process has its effect at once, each time. What came to another one waits for a moment whether it
/// comes here as well, and is passed over if it has just been here.
final class OnceAGroup {
    private static final Duration WAIT = Duration.ofMillis(250);
    private static final Duration SAME = Duration.ofSeconds(1);

    private boolean cameYet; // guarded by this, as all that follows
    private long lastNanos;
    private boolean waiting;

    void came(Runnable effect) {
        takeNote();
        effect.run();
    }

    void cameElsewhere(Runnable effect) {
        synchronized (this) {
            if (waiting || hasJustCome()) {
                return;
            }
            waiting = true;
        }
        CompletableFuture.delayedExecutor(WAIT.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> {
                    synchronized (this) {
                        waiting = false;
                        if (hasJustCome()) {
                            return;
                        }
                        takeNote();
                    }
                    effect.run();
                });
    }

    private synchronized void takeNote() {
        cameYet = true;
        lastNanos = System.nanoTime();
    }

    private boolean hasJustCome() {
        return cameYet && System.nanoTime() - lastNanos < SAME.toNanos();
    }
}
