package dev.loomgate.python.requests;

import dev.loomgate.loop.Loop;
import dev.loomgate.loop.Timer;
import dev.loomgate.loop.settings.TimeText;
import dev.loomgate.python.call.Call;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Says in the log that requests wait for a worker, and which option would give them room. A site whose workers all
/// have as many requests as they may answers nobody else, and nothing else says why: WebSockets on which nothing
/// comes are enough. Loop side only.
final class WaitingWatch {
    private static final Logger LOG = System.getLogger("dev.loomgate.python");

    /// The oldest request has waited for at least this long, and for less than twice as long, when it is reported.
    private static final Duration LOOK = Duration.ofSeconds(5);

    private static final Duration BETWEEN_REPORTS = Duration.ofMinutes(1);

    private final Loop loop;
    private final Deque<Call> waiting;
    private final List<WorkerTraffic> serving;
    private final Supplier<String> limit;
    private @Nullable Timer timer;
    private @Nullable Call oldest;
    private long reportedNanos = System.nanoTime() - BETWEEN_REPORTS.toNanos();

    /// @param waiting requests that no worker has, the oldest first; looked at, not changed
    /// @param serving the workers
    /// @param limit the name of the option that says how many requests there is room for
    WaitingWatch(Loop loop, Deque<Call> waiting, List<WorkerTraffic> serving, Supplier<String> limit) {
        this.loop = loop;
        this.waiting = waiting;
        this.serving = serving;
        this.limit = limit;
    }

    /// A request waits.
    void begin() {
        if (timer == null) {
            timer = loop.side().every(LOOK, this::look);
        }
    }

    private void look() {
        Call first = waiting.peekFirst();
        if (first == null && timer != null) {
            timer.cancel();
            timer = null;
        }
        long now = System.nanoTime();
        if (first != null && first == oldest && now - reportedNanos >= BETWEEN_REPORTS.toNanos()) {
            reportedNanos = now;
            report(first);
        }
        oldest = first;
    }

    private void report(Call first) {
        LOG.log(
                Level.WARNING,
                "{0}: has waited {1} for a worker, and {2} more behind it: {3}",
                first,
                TimeText.of(LOOK),
                Integer.toString(waiting.size() - 1),
                serving.isEmpty() ? "no worker is ready" : taken(),
                first.logId());
    }

    private String taken() {
        int requests = 0;
        int sockets = 0;
        for (WorkerTraffic worker : serving) {
            requests += worker.requests();
            for (Call call : worker.unsortedCalls()) {
                sockets += call.offersWebSocket() ? 1 : 0;
            }
        }
        String has = serving.size() == 1 ? "the worker has" : "the %d workers have".formatted(serving.size());
        String what = sockets == 0 ? "" : ", of which WebSockets: %d".formatted(sockets);
        return "%s as many requests as allowed by %s: %d%s".formatted(has, limit.get(), requests, what);
    }
}
