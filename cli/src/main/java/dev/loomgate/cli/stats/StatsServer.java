package dev.loomgate.cli.stats;

import dev.loomgate.cli.admin.OpenPlace;
import dev.loomgate.cli.live.LiveServer;
import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.server.ServerStartException;
import dev.loomgate.server.TextServer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where clients get a server's statistics, and where these are sent, from the start to the end.
///
/// | step | what |
/// |---|---|
/// | [#bind] | the socket is bound, as the user that the server has become, as in uWSGI |
/// | [#serve] | the server runs: who has connected is answered, and sending begins |
/// | [#close] | the socket's file is removed, and sending ends |
///
/// Used by one thread.
public final class StatsServer implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    // uWSGI's, which lets a page of another site read it.
    private static final String HTTP_HEAD = "HTTP/1.0 200 OK\r\nConnection: close\r\nAccess-Control-Allow-Origin: *\r\n"
            + "Content-Type: application/json\r\n\r\n";

    private final StatsSettings settings;
    private final @Nullable TextServer server;
    private final List<Pusher> pushers = new ArrayList<>();

    private StatsServer(StatsSettings settings, @Nullable TextServer server) {
        this.settings = settings;
        this.server = server;
    }

    /// Where there are none.
    public static StatsServer none() {
        return new StatsServer(StatsSettings.NONE, null);
    }

    /// @param socketMode permission bits of a unix socket
    /// @throws ServerStartException if the place can't be bound, with one line for the operator
    public static StatsServer bind(StatsSettings settings, int socketMode) throws ServerStartException {
        Place place = settings.place();
        if (place == null) {
            return new StatsServer(settings, null);
        }
        try {
            return new StatsServer(settings, TextServer.bind(place, socketMode));
        } catch (ServerStartException e) {
            throw new ServerStartException("--stats: " + e.getMessage(), e);
        }
    }

    /// Gives statistics from now on.
    ///
    /// @param version of the program
    /// @param directory that applications run in
    public void serve(LiveServer observed, String version, Path directory) {
        if (!settings.isWanted()) {
            return;
        }
        Statistics statistics = new Statistics(observed, ProcessFacts.of(version, directory), settings);
        TextServer bound = server;
        if (bound != null) {
            String head = settings.http() ? HTTP_HEAD : "";
            bound.serve(() -> (head + statistics.json()).getBytes(StandardCharsets.UTF_8), settings.http());
            LOG.log(
                    Level.INFO,
                    "statistics: {0}{1} (--stats){2}",
                    settings.http() ? "http://" : "",
                    bound.place(),
                    OpenPlace.warning(bound.place()));
        }
        settings.pushes().forEach(push -> pushers.add(Pusher.start(statistics, push, settings.period())));
    }

    @Override
    public void close() {
        for (Pusher each : pushers) {
            each.close();
        }
        if (server != null) {
            server.close();
        }
    }
}
