package dev.loomgate.cli;

import dev.loomgate.cli.live.Health;
import dev.loomgate.cli.process.ServiceState;
import dev.loomgate.cli.subscribe.Subscriptions;
import dev.loomgate.server.Server;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// Whether a server accepts connections for now. Any thread.
final class Suspension {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    private final Server server;
    private final ServiceState service;
    private final Health health;
    private final Subscriptions subscriptions;
    private boolean suspended; // guarded by this

    Suspension(Server server, ServiceState service, Health health, Subscriptions subscriptions) {
        this.server = server;
        this.service = service;
        this.health = health;
        this.subscriptions = subscriptions;
    }

    /// Accepts none from now on, or accepts them again. Does nothing if that is so already.
    ///
    /// @param why for the log
    synchronized void set(boolean wanted, String why) {
        if (suspended == wanted) {
            return;
        }
        suspended = wanted;
        subscriptions.pause(Subscriptions.Pause.SUSPENSION, wanted);
        server.suspend(wanted);
        service.suspends(wanted);
        health.suspends(wanted);
        LOG.log(
                Level.INFO,
                wanted ? "{0}: new connections wait, until SIGTSTP or ctl resume" : "{0}: connections are served again",
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
