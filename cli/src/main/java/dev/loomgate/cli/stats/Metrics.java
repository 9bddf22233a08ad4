package dev.loomgate.cli.stats;

import dev.loomgate.cli.live.LiveServer;
import dev.loomgate.server.ServerSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/// uWSGI's metrics of a server, by uWSGI's names, as they are sent to others. Those that there is nothing of here
/// (signals, failed requests, errors of single cores) aren't among them. Pure.
final class Metrics {
    /// What a metric's value is: the numbers are uWSGI's.
    enum Kind {
        COUNTER(0),
        GAUGE(1),
        ABSOLUTE(2);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    /// One of them.
    record Metric(String name, Kind kind, long value) {}

    private final List<Metric> all = new ArrayList<>();

    private Metrics() {}

    static List<Metric> of(LiveServer.Moment moment, List<Row> rows) {
        Metrics metrics = new Metrics();
        metrics.add(moment, rows);
        return List.copyOf(metrics.all);
    }

    private void put(String name, Kind kind, long value) {
        all.add(new Metric(name, kind, value));
    }

    private void add(LiveServer.Moment moment, List<Row> rows) {
        long busy = rows.stream().filter(Row::isBusy).count();
        put("core.busy_workers", Kind.GAUGE, busy);
        put(
                "core.idle_workers",
                Kind.GAUGE,
                rows.stream().filter(row -> row.pid() != 0).count() - busy);
        put("worker.0.requests", Kind.COUNTER, sum(rows, row -> row.work().requests()));
        for (Row row : rows) {
            add(row);
        }
        long resident = sum(rows, Row::residentBytes);
        long address = sum(rows, Row::addressBytes);
        put("core.total_tx", Kind.COUNTER, sum(rows, row -> row.work().sentBytes()));
        put("core.total_rss", Kind.GAUGE, resident);
        put("core.total_vsz", Kind.GAUGE, address);
        put("core.avg_response_time", Kind.GAUGE, sum(rows, row -> row.meanNanos() / 1000) / Math.max(1, rows.size()));
        put("core.total_running_time", Kind.COUNTER, sum(rows, row -> row.work().runningNanos() / 1000));
        int number = 0;
        for (ServerSnapshot.Socket socket : moment.server().sockets()) {
            put(
                    "socket.%d.listen_queue".formatted(number++),
                    Kind.GAUGE,
                    socket.queued().orElse(0));
        }
        put("rss_size", Kind.GAUGE, resident);
        put("vsz_size", Kind.GAUGE, address);
    }

    private void add(Row row) {
        String worker = "worker." + row.id() + ".";
        put(worker + "requests", Kind.COUNTER, row.work().requests());
        put(worker + "delta_requests", Kind.ABSOLUTE, row.deltaRequests());
        put(worker + "respawns", Kind.COUNTER, row.spawns());
        put(worker + "avg_response_time", Kind.GAUGE, row.meanNanos() / 1000);
        put(worker + "total_tx", Kind.COUNTER, row.work().sentBytes());
        put(worker + "rss_size", Kind.GAUGE, row.residentBytes());
        put(worker + "vsz_size", Kind.GAUGE, row.addressBytes());
        put(worker + "running_time", Kind.COUNTER, row.work().runningNanos() / 1000);
        row.cores().forEach(core -> put(worker + "core." + core.id() + ".requests", Kind.COUNTER, core.requests()));
    }

    private static long sum(List<Row> rows, ToLongFunction<Row> figure) {
        return rows.stream().mapToLong(figure).sum();
    }
}
