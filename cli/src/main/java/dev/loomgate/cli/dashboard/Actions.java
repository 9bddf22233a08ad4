package dev.loomgate.cli.dashboard;

import dev.loomgate.gateway.Quoting;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.exceptions.Forbidden;
import dev.loomgate.toolkit.exceptions.NotFound;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import dev.loomgate.toolkit.exceptions.UnsupportedMediaType;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;

/// `/action/<panel>/<action>`: does something, by POST of `{"subject":"17"}`. Each action is in the log.
///
/// @param panels by their names
/// @param admin whether anything may be done
record Actions(Map<String, Panel> panels, boolean admin) {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    /// What an action is about.
    ///
    /// @param subject empty where there is nothing to choose
    record Order(String subject) {}

    /// What has been done.
    record Done(String done) {}

    Done post(Request request, String panel, String action) throws InterruptedException {
        if (!admin) {
            throw new Forbidden("This dashboard only shows: start the server with --dashboard-admin to act.");
        }
        // No form of another site can send this type (Fetch standard, "CORS-safelisted request-header").
        if (!request.isJson()) {
            throw new UnsupportedMediaType();
        }
        Panel found = panels.get(panel);
        Panel.Action known = found == null ? null : found.actions().get(action);
        if (known == null) {
            throw new NotFound();
        }
        String done = done(known, request.json(Order.class).subject());
        LOG.log(Level.INFO, "--dashboard: {0}", Quoting.printable(done));
        return new Done(done);
    }

    private static String done(Panel.Action action, String subject) throws InterruptedException {
        try {
            return action.run(subject).orElseThrow(() -> new NotFound("It isn't there any more."));
        } catch (IllegalStateException e) {
            // A loop is held, or ends; it says so for operators.
            throw new ServiceUnavailable(String.valueOf(e.getMessage()));
        }
    }
}
