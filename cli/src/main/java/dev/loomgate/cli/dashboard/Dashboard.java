package dev.loomgate.cli.dashboard;

import dev.loomgate.cli.admin.AdminServer;
import dev.loomgate.cli.live.LiveServer;
import dev.loomgate.cli.live.ServerActions;
import dev.loomgate.cli.log.LogTail;
import dev.loomgate.gateway.Application;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.server.ServerStartException;
import dev.loomgate.toolkit.files.StaticFiles;
import dev.loomgate.toolkit.resources.Resource;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The page for operators, from its start to its end.
///
/// | path | what |
/// |---|---|
/// | `/`, `/page.css`, `/page.js`, `/panels/NAME.js` | the page |
/// | `/events` | what it shows, as it changes |
/// | `/detail/PANEL/SUBJECT` | what is shown on a click |
/// | `/action/PANEL/ACTION` | what is done, by POST and with `--dashboard-admin` |
///
/// Used by one thread.
public final class Dashboard implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    private static final String PAGE = "dev/loomgate/cli/dashboard/page";
    private static final int FOR_ITS_USER = 0600;

    private final @Nullable Ticker ticker;
    private final @Nullable AdminServer server;

    private Dashboard(@Nullable Ticker ticker, @Nullable AdminServer server) {
        this.ticker = ticker;
        this.server = server;
    }

    /// What it shows.
    ///
    /// @param actions what its pages may do, with `--dashboard-admin`
    public record Subject(LiveServer live, LogTail log, ServerActions actions) {}

    /// Listens from now on, if it is asked for.
    ///
    /// @param version of the program
    /// @throws ServerStartException if the address can't be bound, with one line for the operator
    public static Dashboard start(DashboardSettings settings, Subject subject, String version)
            throws ServerStartException {
        Place place = settings.place();
        if (place == null) {
            return new Dashboard(null, null);
        }
        History history = new History();
        List<Panel> panels = panels(subject, history);
        Ticker ticker = Ticker.start(subject.live(), panels, history, settings.clients());
        try {
            AdminServer server = AdminServer.start(
                    "--dashboard",
                    application(settings, ticker, panels, version),
                    new ListenAddress(ListenAddress.Protocol.HTTP, place),
                    FOR_ITS_USER);
            LOG.log(
                    Level.INFO,
                    "dashboard: {0}{1} (--dashboard){2}",
                    place instanceof Place.Tcp ? "http://" : "",
                    server.address().place(),
                    settings.admin() ? "; its pages may act (--dashboard-admin)" : "");
            return new Dashboard(ticker, server);
        } catch (ServerStartException e) {
            ticker.close();
            throw e;
        }
    }

    /// In the page's order.
    private static List<Panel> panels(Subject subject, History history) {
        return List.of(
                new HistoryPanel(history),
                new RequestsPanel(subject.live()),
                new WorkersPanel(subject.actions()),
                new RoutesPanel(),
                new LoopsPanel(),
                new LimitsPanel(),
                new LogPanel(subject.log()));
    }

    private static Application application(
            DashboardSettings settings, Ticker ticker, List<Panel> panels, String version) {
        Map<String, Panel> byName = panels.stream().collect(Collectors.toMap(Panel::name, Function.identity()));
        Events.Hello hello = new Events.Hello(
                version,
                ProcessHandle.current().pid(),
                System.currentTimeMillis(),
                settings.admin(),
                panels.stream().map(Panel::name).toList());
        WebApplication site = WebApplication.of(
                Rule.of("/events", Resource.of(Events.class, () -> new Events(ticker, hello, settings.clients()))),
                Rule.of("/detail/<panel>/<path:subject>", Resource.of(Details.class, () -> new Details(byName))),
                Rule.of(
                        "/action/<panel>/<action>",
                        Resource.of(Actions.class, () -> new Actions(byName, settings.admin()))));
        return new OwnPagesOnly(hosts(settings.place()))
                .wrap(StaticFiles.ofClasspath("/", Dashboard.class, PAGE)
                        .withIndex("index.html")
                        .wrap(site));
    }

    private static List<String> hosts(@Nullable Place place) {
        List<String> hosts = new ArrayList<>(List.of("localhost", "127.0.0.1", "[::1]"));
        if (place instanceof Place.Tcp tcp && tcp.host().startsWith("127.")) {
            hosts.add(tcp.host());
        }
        return hosts;
    }

    /// Ends all streams, and answers no more.
    @Override
    public void close() {
        if (ticker != null) {
            ticker.close();
        }
        if (server != null) {
            server.close();
        }
    }
}
