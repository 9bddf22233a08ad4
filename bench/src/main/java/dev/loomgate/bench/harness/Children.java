package dev.loomgate.bench.harness;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// Every process that the harness has started and not yet ended. A shutdown hook ends what is left when the run is
/// interrupted, each by its own handle.
final class Children {
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Set<ProcessHandle> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Children::endAll, "end-children"));
    }

    private static volatile boolean ending;

    private Children() {}

    /// Ends the process, if it still runs, when closed.
    record Registration(ProcessHandle process) implements AutoCloseable {
        @Override
        public void close() {
            end(process);
            RUNNING.remove(process);
        }
    }

    static Registration register(Process process) {
        RUNNING.add(process.toHandle());
        if (ending) { // the run goes on while the hook ends what it had found
            end(process.toHandle());
        }
        return new Registration(process.toHandle());
    }

    private static void endAll() {
        ending = true;
        RUNNING.forEach(Children::end);
    }

    /// Asks the process to end and waits for it; then the same with what it had started and not taken along.
    /// A process that is still there at the limit is killed.
    private static void end(ProcessHandle process) {
        List<ProcessHandle> tree =
                Stream.concat(Stream.of(process), process.descendants()).toList();
        long deadline = System.nanoTime() + GRACE.toNanos();
        for (ProcessHandle member : tree) {
            member.destroy();
            if (!ended(member, deadline - System.nanoTime())) {
                member.destroyForcibly();
            }
        }
    }

    private static boolean ended(ProcessHandle process, long withinNanos) {
        try {
            process.onExit().get(Math.max(0, withinNanos), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return !process.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
