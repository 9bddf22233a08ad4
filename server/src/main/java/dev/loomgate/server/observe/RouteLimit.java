package dev.loomgate.server.observe;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/// Which routes are counted apart, over all loops: so many that have come first. Any thread.
public final class RouteLimit {
    private static final Logger LOG = System.getLogger("dev.loomgate.server");

    private final int most;
    private final String option;
    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final LongAdder beyond = new LongAdder();
    private final AtomicBoolean told = new AtomicBoolean();

    /// @param most at least 1
    /// @param option what the limit is called in a log line
    public RouteLimit(int most, String option) {
        this.most = most;
        this.option = option;
    }

    /// Whether a route is counted apart; else a request counts as one beyond the limit.
    boolean admits(String route) {
        if (known.contains(route)) {
            return true;
        }
        synchronized (known) {
            if (known.size() < most) {
                known.add(route);
                return true;
            }
        }
        beyond.increment();
        if (!told.getAndSet(true)) {
            LOG.log(
                    Level.WARNING,
                    "metrics: there are more than {0} routes ({1}); requests of further ones are counted as _OTHER",
                    Integer.toString(most),
                    option);
        }
        return false;
    }

    /// How many requests had a route beyond the limit.
    public long beyond() {
        return beyond.sum();
    }
}
