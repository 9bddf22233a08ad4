package dev.loomgate.cli.metrics;

import dev.loomgate.cli.cron.CronFigures;
import dev.loomgate.cli.live.Health;
import dev.loomgate.cli.live.LiveServer;
import dev.loomgate.cli.live.OwnMemory;
import dev.loomgate.cli.stats.Statistics;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// All metrics of a server, made when somebody asks. Any thread that may wait.
final class MetricsPage {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    private final LiveServer live;
    private final Health health;
    private final Supplier<List<CronFigures>> cron;
    private final String version;
    private final Statistics statistics;
    private final boolean uwsgi;
    private final String address;

    /// @param cron what is to be seen of jobs by the clock
    /// @param version of the program
    /// @param directory that applications run in
    /// @param uwsgi whether uwsgi_exporter's names are there, too
    /// @param address where the page is served
    MetricsPage(
            LiveServer live,
            Health health,
            Supplier<List<CronFigures>> cron,
            String version,
            Path directory,
            boolean uwsgi,
            String address) {
        this.live = live;
        this.health = health;
        this.cron = cron;
        this.version = version;
        this.statistics = Statistics.of(live, version, directory);
        this.uwsgi = uwsgi;
        this.address = address;
    }

    String text(Exposition.Format format) throws InterruptedException {
        Exposition page = new Exposition(format);
        LiveServer.Moment moment = moment();
        int silent = live.programs().size() - moment.programs().size();
        page.gauge("loomgate_info", "Which Loomgate this is, on which JDK.")
                .value(Labels.of("version", version).and("jdk", System.getProperty("java.version", "")), 1);
        page.gauge("loomgate_ready", "1 where the server is ready for requests, as /-/ready says it.")
                .value(Labels.NONE, silent == 0 && health.whyNotReady(moment).isEmpty() ? 1 : 0);
        page.gauge(
                        "loomgate_apps_silent",
                        "Python applications that said nothing within 5 s: their metrics are missing here.")
                .value(Labels.NONE, silent);
        moment.server().requests().ifPresent(requests -> RequestFamilies.write(requests, page));
        LoopFamilies.write(moment.server(), Instant.now(), page);
        new PythonFamilies(moment.programs(), page).write();
        new BackgroundFamilies(moment.programs(), page).write();
        CronFamilies.write(cron.get(), page);
        JvmFamilies.write(OwnMemory.read(), page);
        if (uwsgi) {
            Map<String, Object> document = statistics.document(moment);
            new UwsgiFamilies(document, address, page).write();
        }
        return page.text();
    }

    // What the server itself tells, where its programs say nothing: a page is wanted most when something hangs.
    private LiveServer.Moment moment() throws InterruptedException {
        try {
            return live.look();
        } catch (IllegalStateException e) {
            LOG.log(Level.WARNING, "metrics: {0}", e.getMessage());
            return new LiveServer.Moment(live.server().snapshot(), List.of());
        }
    }
}
