package dev.loomgate.cli.process;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// Says again and again that the server works, while each of its loops turns, and its programs have workers: what no
/// longer does is what a service manager's restart helps against. What a microthread holds is left behind by its loop,
/// and no such case.
///
/// A daemon thread of its own, until [#close].
final class ServiceWatchdog implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    private final Thread thread;

    private ServiceWatchdog(Thread thread) {
        this.thread = thread;
    }

    /// @param time within which the manager has to hear of it; it does twice as often
    /// @param nextTurn completes when each loop has turned once more
    /// @param whyNotWorking another reason not to say it; may wait
    /// @param works says it
    static ServiceWatchdog start(
            Duration time,
            Supplier<? extends CompletionStage<Void>> nextTurn,
            Callable<Optional<String>> whyNotWorking,
            Runnable works) {
        Thread thread = Thread.ofPlatform()
                .daemon()
                .name("loomgate-service-watchdog")
                .start(() -> {
                    try {
                        watch(time, nextTurn, whyNotWorking, works);
                    } catch (InterruptedException e) {
                        LOG.log(Level.DEBUG, "the service manager's watchdog hears no more");
                    }
                });
        return new ServiceWatchdog(thread);
    }

    private static void watch(
            Duration time,
            Supplier<? extends CompletionStage<Void>> nextTurn,
            Callable<Optional<String>> whyNotWorking,
            Runnable works)
            throws InterruptedException {
        boolean complained = false;
        while (true) {
            CompletionStage<Void> turn = nextTurn.get();
            boolean late = false;
            while (!hasCompleted(turn, time)) {
                if (!late) {
                    LOG.log(
                            Level.ERROR,
                            "a loop has not turned for {0} ms, and the service manager is not told that the server works"
                                    + " (WatchdogSec=)",
                            time.toMillis());
                }
                late = true;
            }
            Optional<String> why = reason(whyNotWorking);
            if (why.isEmpty()) {
                works.run();
            } else if (!complained) {
                LOG.log(
                        Level.ERROR,
                        "{0}, and the service manager is not told that the server works (WatchdogSec=)",
                        why.get());
            }
            complained = why.isPresent();
            // What was missing may be there soon.
            Thread.sleep(time.dividedBy(complained ? 8 : 2));
        }
    }

    private static Optional<String> reason(Callable<Optional<String>> whyNotWorking) throws InterruptedException {
        try {
            return whyNotWorking.call();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static boolean hasCompleted(CompletionStage<Void> turn, Duration time) throws InterruptedException {
        try {
            turn.toCompletableFuture().get(time.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new InterruptedException("the loops have ended");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
