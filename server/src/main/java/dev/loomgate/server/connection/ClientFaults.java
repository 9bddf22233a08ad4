package dev.loomgate.server.connection;

import dev.loomgate.server.exchange.Exchange;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/// The log lines for what clients do wrong, not more of them than a disk and a loop can bear: some hundreds at
/// once, and some dozens a second for long. Loop side only.
final class ClientFaults {
    private static final Logger LOG = System.getLogger("dev.loomgate.server");
    private static final int MOST_AT_ONCE = 500;
    private static final int A_SECOND = 50;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private long since;
    private int allowed = MOST_AT_ONCE;
    private int left;

    /// Logs a line, if there haven't been too many of them lately.
    ///
    /// @param of the request that it is about; null if there is none
    void log(Level level, String line, @Nullable Exchange of) {
        if (allowed > 0) {
            allowed--;
            if (of == null) {
                LOG.log(level, line);
            } else {
                LOG.log(level, "{0}", line, of.logId());
            }
        } else {
            left++;
        }
    }

    /// Once a second, allows some more, and says how many were left out.
    void tick(long nowNanos) {
        if (nowNanos - since < SECOND_NANOS) {
            return;
        }
        since = nowNanos;
        allowed = Math.min(allowed + A_SECOND, MOST_AT_ONCE);
        if (left > 0) {
            LOG.log(Level.WARNING, "{0} more lines about clients'' faults are left out", left);
            left = 0;
        }
    }
}
