package dev.loomgate.cli;

import dev.loomgate.server.Server;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.math.BigDecimal;
import java.time.Duration;

/// Stops a server, and says in the log how.
///
/// @param limit for running requests
/// @param unlikeUwsgi whether the same configuration would have uWSGI reload at SIGTERM
record Stopping(Duration limit, boolean unlikeUwsgi) {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    /// The server's own limits after `--stop-timeout` add up to less; this is for what is not the server's: a
    /// start that hangs, shutdown hooks of the application's, a log that nobody reads.
    static final Duration GRACE = Duration.ofSeconds(15);

    private static final String UNLIKE_UWSGI =
            "; uWSGI would reload, since die-on-term is not in its configuration: here SIGHUP does";

    /// Returns when the server has ended.
    void stop(Server server, Signals.Stop wanted) {
        if (wanted.atOnce()) {
            LOG.log(Level.INFO, () -> "stopping on %s, at once".formatted(wanted.why()));
            server.close();
            LOG.log(Level.INFO, "stopped");
            return;
        }
        String seconds =
                BigDecimal.valueOf(limit.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
        LOG.log(Level.INFO, () -> "stopping on %s, within %s (--stop-timeout)%s"
                .formatted(wanted.why(), seconds, isUnlikeUwsgi(wanted) ? UNLIKE_UWSGI : ""));
        if (server.stop(limit)) {
            LOG.log(Level.INFO, "stopped");
        } else {
            LOG.log(Level.WARNING, () -> "stopped: requests that still ran after %s were interrupted (--stop-timeout)"
                    .formatted(seconds));
        }
    }

    private boolean isUnlikeUwsgi(Signals.Stop wanted) {
        return unlikeUwsgi && wanted.why().equals("SIGTERM");
    }
}
