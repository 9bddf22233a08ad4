package dev.loomgate.cli.metrics;

import dev.loomgate.cli.admin.AdminServer;
import dev.loomgate.cli.admin.OpenPlace;
import dev.loomgate.cli.cron.CronFigures;
import dev.loomgate.cli.live.Health;
import dev.loomgate.cli.live.LiveServer;
import dev.loomgate.gateway.Application;
import dev.loomgate.loop.Loop;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ServerStartException;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Where metrics and health are read, from before the application is loaded to the end.
///
/// | step | what |
/// |---|---|
/// | [#start] | it listens, as the user that the server has become; `/-/live` is 200, all else 503 |
/// | [#serve] | the server runs: metrics are told |
/// | [#close] | it listens no more |
///
/// Used by one thread.
public final class MetricsServer implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    private static final String OPTION = "--metrics";
    private static final int UNAVAILABLE = 503;

    private final MetricsSettings settings;
    private final Health health;
    private @Nullable AdminServer server;
    private volatile @Nullable MetricsPage page;

    private MetricsServer(MetricsSettings settings, Health health) {
        this.settings = settings;
        this.health = health;
    }

    /// @param socketMode permission bits of a unix socket
    /// @throws ServerStartException if the address can't be bound, with one line for the operator
    public static MetricsServer start(MetricsSettings settings, Health health, int socketMode)
            throws ServerStartException {
        MetricsServer made = new MetricsServer(settings, health);
        ListenAddress address = settings.address();
        if (address != null) {
            made.server = AdminServer.start(OPTION, made.application(), address, socketMode);
        }
        return made;
    }

    private Application application() {
        HealthPages pages = new HealthPages(health);
        return WebApplication.of(
                Rule.of(HealthPages.LIVE, (Application)
                        (environ, start) -> pages.live().call(environ, start)),
                Rule.of(HealthPages.READY, (Application)
                        (environ, start) -> pages.ready().call(environ, start)),
                Rule.of("/metrics", (Application)
                        (environ, start) -> metrics(new Request(environ)).call(environ, start)));
    }

    // Files are read for it: not on a loop.
    private Response metrics(Request request) throws Exception {
        MetricsPage now = page;
        if (now == null) {
            return new Response("the server starts\n", UNAVAILABLE);
        }
        // Who scrapes lists both, and OpenMetrics by itself means that it is understood.
        Exposition.Format format = request.environ().text("HTTP_ACCEPT", "").contains("application/openmetrics-text")
                ? Exposition.Format.OPEN_METRICS
                : Exposition.Format.TEXT;
        byte[] text = Loop.offload(() -> now.text(format).getBytes(StandardCharsets.UTF_8));
        return Response.bytes(text, "text/plain").header("Content-Type", format.contentType());
    }

    /// Tells metrics from now on.
    ///
    /// @param cron what is to be seen of jobs by the clock; any thread
    /// @param version of the program
    /// @param directory that applications run in
    public void serve(LiveServer live, Supplier<List<CronFigures>> cron, String version, Path directory) {
        AdminServer bound = server;
        if (bound == null) {
            return;
        }
        ListenAddress address = bound.address();
        boolean uwsgi = settings.compatibility() == MetricsSettings.Compatibility.UWSGI;
        page = new MetricsPage(live, health, cron, version, directory, uwsgi, address.toString());
        LOG.log(
                Level.INFO,
                "metrics: http://{0}/metrics ({1}){2}",
                address.place(),
                OPTION,
                OpenPlace.warning(address.place()));
    }

    @Override
    public void close() {
        AdminServer bound = server;
        if (bound != null) {
            bound.close();
        }
    }
}
