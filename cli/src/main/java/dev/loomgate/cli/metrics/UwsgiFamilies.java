package dev.loomgate.cli.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The metrics that uwsgi_exporter makes of uWSGI's statistics, by its names and labels, made of our statistics: a
/// dashboard for it goes on. What it counts without `_total` in the name is a gauge here.
///
/// Source: uwsgi_exporter 1.3, `pkg/collector/exporter.go`.
final class UwsgiFamilies {
    private static final double MICROS = 1e6;

    private final Map<String, Object> document;
    private final String uri;
    private final Exposition page;

    // One object of the document with the labels of its samples.
    private record Entry(Map<?, ?> object, Labels labels) {
        Object get(String key) {
            return Objects.requireNonNull(object.get(key), key);
        }

        List<Entry> all(String key) {
            return UwsgiFamilies.all(object.get(key), labels);
        }

        Entry labelled(String name, String key) {
            return new Entry(object, labels.and(name, get(key)));
        }
    }

    /// @param document uWSGI's, as statistics have it
    /// @param uri what stands for the statistics' address in the label `stats_uri`
    UwsgiFamilies(Map<String, Object> document, String uri, Exposition page) {
        this.document = document;
        this.uri = uri;
        this.page = page;
    }

    void write() {
        Entry root = new Entry(document, Labels.of("stats_uri", uri));
        List<Entry> workers = root.all("workers").stream()
                .map(worker -> worker.labelled("worker_id", "id"))
                .toList();
        List<Entry> one = List.of(root);
        page.gauge("uwsgi_up", "Whether the server is up.").value(root.labels(), 1);
        gauge("uwsgi_listen_queue_length", "Length of the listen queue.", one, "listen_queue");
        gauge("uwsgi_listen_queue_errors", "Looks that have found a queue full.", one, "listen_queue_errors");
        gauge("uwsgi_signal_queue_length", "Length of the signal queue.", one, "signal_queue");
        page.gauge("uwsgi_workers", "Number of workers.").value(root.labels(), workers.size());
        sockets(root);
        figures(workers);
        counters(workers);
        apps(workers);
        cores(workers);
        caches(root);
    }

    private void sockets(Entry root) {
        List<Entry> sockets = root.all("sockets").stream()
                .map(socket -> socket.labelled("name", "name").labelled("proto", "proto"))
                .toList();
        gauge("uwsgi_socket_queue_length", "Length of the socket's queue.", sockets, "queue");
        gauge("uwsgi_socket_max_queue_length", "Most that may wait there.", sockets, "max_queue");
        gauge("uwsgi_socket_shared", "Always 0.", sockets, "shared");
        gauge("uwsgi_socket_can_offload", "Always 0.", sockets, "can_offload");
    }

    private void figures(List<Entry> workers) {
        gauge("uwsgi_worker_accepting", "Whether the worker gets requests.", workers, "accepting");
        gauge("uwsgi_worker_delta_requests", "Requests of the worker's process.", workers, "delta_requests");
        gauge("uwsgi_worker_signal_queue_length", "Always 0.", workers, "signal_queue");
        gauge("uwsgi_worker_rss_bytes", "Resident memory.", workers, "rss");
        gauge("uwsgi_worker_vsz_bytes", "Address space.", workers, "vsz");
        micros("uwsgi_worker_running_time_seconds", "Time of all requests.", workers, "running_time");
        gauge("uwsgi_worker_last_spawn_time_seconds", "When the process was forked.", workers, "last_spawn");
        micros(
                "uwsgi_worker_average_response_time_seconds",
                "Mean time of the requests since the last look.",
                workers,
                "avg_rt");
        for (String status : List.of("busy", "idle", "cheap")) {
            page.gauge("uwsgi_worker_" + status, "Whether the worker is " + status + ".");
            workers.forEach(
                    worker -> page.value(worker.labels(), worker.get("status").equals(status) ? 1 : 0));
        }
    }

    private void counters(List<Entry> workers) {
        counter("uwsgi_worker_requests_total", "Requests.", workers, "requests");
        counter("uwsgi_worker_exceptions_total", "Exceptions of the program.", workers, "exceptions");
        counter("uwsgi_worker_harakiri_count_total", "Requests whose time was over.", workers, "harakiri_count");
        counter("uwsgi_worker_signals_total", "Always 0.", workers, "signals");
        counter("uwsgi_worker_respawn_count_total", "Processes of the worker.", workers, "respawn_count");
        counter("uwsgi_worker_transmitted_bytes_total", "Bytes of responses.", workers, "tx");
    }

    private void apps(List<Entry> workers) {
        List<Entry> apps = new ArrayList<>();
        page.gauge("uwsgi_worker_apps", "Applications in the worker.");
        for (Entry worker : workers) {
            List<Entry> its = worker.all("apps");
            page.value(worker.labels(), its.size());
            its.forEach(app -> apps.add(app.labelled("app_id", "id")
                    .labelled("mountpoint", "mountpoint")
                    .labelled("chdir", "chdir")));
        }
        gauge("uwsgi_worker_app_startup_time_seconds", "How long the import took.", apps, "startup_time");
        counter("uwsgi_worker_app_requests_total", "Requests.", apps, "requests");
        counter("uwsgi_worker_app_exceptions_total", "Exceptions of the program.", apps, "exceptions");
    }

    private void cores(List<Entry> workers) {
        List<Entry> cores = new ArrayList<>();
        page.gauge("uwsgi_worker_cores", "Places for requests.");
        for (Entry worker : workers) {
            List<Entry> its = worker.all("cores");
            page.value(worker.labels(), its.size());
            its.forEach(core -> cores.add(core.labelled("core_id", "id")));
        }
        gauge("uwsgi_worker_core_busy", "Whether a request is there.", cores, "in_request");
        counter("uwsgi_worker_core_requests_total", "Requests.", cores, "requests");
        counter("uwsgi_worker_core_static_requests_total", "Always 0.", cores, "static_requests");
        counter("uwsgi_worker_core_routed_requests_total", "Always 0.", cores, "routed_requests");
        counter("uwsgi_worker_core_offloaded_requests_total", "Always 0.", cores, "offloaded_requests");
        counter("uwsgi_worker_core_write_errors_total", "Always 0.", cores, "write_errors");
        counter("uwsgi_worker_core_read_errors_total", "Always 0.", cores, "read_errors");
    }

    private void caches(Entry root) {
        List<Entry> caches = root.all("caches").stream()
                .map(cache -> cache.labelled("name", "name"))
                .toList();
        gauge("uwsgi_cache_hits", "Values that were there.", caches, "hits");
        gauge("uwsgi_cache_misses", "Values that were not there.", caches, "miss");
        gauge("uwsgi_cache_full", "Values that had to make room.", caches, "full");
        gauge("uwsgi_cache_items", "Keys in the cache.", caches, "items");
        gauge("uwsgi_cache_max_items", "Blocks of 64 KiB that it has room for.", caches, "max_items");
    }

    private static List<Entry> all(@Nullable Object list, Labels labels) {
        List<Entry> found = new ArrayList<>();
        if (list instanceof List<?> objects) {
            for (Object each : objects) {
                found.add(new Entry((Map<?, ?>) each, labels));
            }
        }
        return found;
    }

    private void gauge(String name, String help, List<Entry> entries, String key) {
        page.gauge(name, help);
        values(entries, key);
    }

    private void counter(String name, String help, List<Entry> entries, String key) {
        page.counter(name, help);
        values(entries, key);
    }

    private void values(List<Entry> entries, String key) {
        entries.forEach(each -> page.value(each.labels(), ((Number) each.get(key)).longValue()));
    }

    private void micros(String name, String help, List<Entry> entries, String key) {
        page.gauge(name, help);
        entries.forEach(each -> page.value(each.labels(), ((Number) each.get(key)).longValue() / MICROS));
    }
}
