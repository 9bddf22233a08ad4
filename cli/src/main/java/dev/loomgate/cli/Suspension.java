package dev.loomgate.cli;

import dev.loomgate.cli.process.ServiceState;
import dev.loomgate.server.Server;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// Whether a server accepts connections for now. Any thread.
final class Suspension {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    private final Server server;
    private final ServiceState service;
    private boolean suspended; // guarded by this

    Suspension(Server server, ServiceState service) {
        this.server = server;
        this.service = service;
    }

    /// Accepts none from now on, or accepts them again. Does nothing if that is so already.
    ///
    /// @param why for the log
    synchronized void set(boolean wanted, String why) {
        if (suspended == wanted) {
            return;
        }
        suspended = wanted;
        server.suspend(wanted);
        service.suspends(wanted);
        LOG.log(
                Level.INFO,
                wanted ? "{0}: new connections wait until the next one" : "{0}: connections are served again",
                why);
    }

    /// The other way round than now.
    synchronized void toggle(String why) {
        set(!suspended, why);
    }

    synchronized boolean isSuspended() {
        return suspended;
    }
}
