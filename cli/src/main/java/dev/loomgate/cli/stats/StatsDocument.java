package dev.loomgate.cli.stats;

import dev.loomgate.cli.live.LiveServer;
import dev.loomgate.python.snapshot.CacheSnapshot;
import dev.loomgate.python.snapshot.ChannelSnapshot;
import dev.loomgate.python.snapshot.WorkDone;
import dev.loomgate.server.ServerSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// uWSGI's statistics, with its keys in its order and its types: uwsgitop crashes without most of them. What there is
/// nothing of here (signals, routed requests, errors of single cores) is 0. Pure, apart from what is said of this
/// process.
final class StatsDocument {
    private static final long BLOCK_BYTES = 65536;

    private StatsDocument() {}

    /// @param queueErrors how often a queue was found to be full
    /// @param cores whether each place for a request is in it
    static Map<String, Object> of(
            LiveServer.Moment moment, List<Row> rows, ProcessFacts process, long queueErrors, boolean cores) {
        Map<String, Object> all = new LinkedHashMap<>();
        long queue = moment.server().sockets().stream()
                .mapToLong(socket -> socket.queued().orElse(0))
                .max()
                .orElse(0);
        all.put("version", process.version());
        all.put("listen_queue", queue);
        all.put("listen_queue_errors", queueErrors);
        all.put("signal_queue", 0);
        all.put("load", queue);
        all.put("pid", process.pid());
        all.put("uid", process.uid());
        all.put("gid", process.gid());
        all.put("cwd", process.directory());
        all.put("locks", locks(moment));
        List<Object> caches = caches(moment);
        if (!caches.isEmpty()) {
            all.put("caches", caches);
        }
        List<Object> channels = channels(moment);
        if (!channels.isEmpty()) {
            all.put("channels", channels);
        }
        all.put(
                "sockets",
                moment.server().sockets().stream().map(StatsDocument::socket).toList());
        all.put("workers", rows.stream().map(row -> worker(row, cores)).toList());
        return all;
    }

    // The first one is always there, as in uWSGI.
    private static List<Object> locks(LiveServer.Moment moment) {
        List<Object> locks = new ArrayList<>();
        Map<Long, Long> held = new TreeMap<>(Map.of(0L, 0L));
        moment.programs().forEach(program -> held.putAll(program.snapshot().locks()));
        held.forEach((number, pid) -> locks.add(Map.of("user " + number, pid)));
        return locks;
    }

    private static List<Object> caches(LiveServer.Moment moment) {
        List<Object> caches = new ArrayList<>();
        for (LiveServer.Program program : moment.programs()) {
            program.snapshot().caches().forEach(cache -> caches.add(cache(cache)));
        }
        return caches;
    }

    // What a cache has room for is bytes here; they are shown as uWSGI's blocks of its usual size.
    private static Map<String, Object> cache(CacheSnapshot cache) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", cache.name().isEmpty() ? "default" : cache.name());
        all.put("hash", "");
        all.put("hashsize", 0);
        all.put("keysize", 0);
        all.put("max_items", cache.maxBytes() / BLOCK_BYTES);
        all.put("blocks", cache.maxBytes() / BLOCK_BYTES);
        all.put("blocksize", BLOCK_BYTES);
        all.put("items", cache.items());
        all.put("hits", cache.hits());
        all.put("miss", cache.misses());
        all.put("full", cache.evictions());
        all.put("last_modified_at", 0);
        return all;
    }

    private static List<Object> channels(LiveServer.Moment moment) {
        List<Object> channels = new ArrayList<>();
        for (LiveServer.Program program : moment.programs()) {
            ChannelSnapshot figures = program.snapshot().channels();
            if (figures.isUsed()) {
                channels.add(channels(program.snapshot().name(), figures));
            }
        }
        return channels;
    }

    // uWSGI has none; the names are those of the layer's `counts`.
    private static Map<String, Object> channels(String name, ChannelSnapshot figures) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", name);
        all.putAll(figures.named());
        return all;
    }

    private static Map<String, Object> socket(ServerSnapshot.Socket socket) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", socket.address().toString());
        all.put("proto", socket.address().protocol().name().toLowerCase(Locale.ROOT));
        all.put("queue", socket.queued().orElse(0));
        all.put("max_queue", socket.mostQueued());
        all.put("shared", 0);
        all.put("can_offload", 0);
        return all;
    }

    private static Map<String, Object> worker(Row row, boolean cores) {
        WorkDone work = row.work();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("id", row.id());
        all.put("pid", row.pid());
        all.put("accepting", row.accepting() ? 1 : 0);
        all.put("requests", work.requests());
        all.put("delta_requests", row.deltaRequests());
        all.put("exceptions", work.exceptions());
        all.put("harakiri_count", work.overtimes());
        all.put("signals", 0);
        all.put("signal_queue", 0);
        all.put("status", row.status());
        all.put("rss", row.residentBytes());
        all.put("vsz", row.addressBytes());
        all.put("running_time", work.runningNanos() / 1000);
        all.put("last_spawn", row.lastSpawn().getEpochSecond());
        all.put("respawn_count", row.spawns());
        all.put("tx", work.sentBytes());
        all.put("avg_rt", row.meanNanos() / 1000);
        all.put("apps", row.apps().stream().map(app -> app(app, work)).toList());
        if (cores) {
            all.put("cores", row.cores().stream().map(StatsDocument::core).toList());
        }
        return all;
    }

    private static Map<String, Object> app(Row.App app, WorkDone work) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("id", 0);
        all.put("modifier1", 0);
        all.put("mountpoint", app.mountPoint());
        all.put("startup_time", app.startup().toSeconds());
        all.put("requests", work.requests());
        all.put("exceptions", work.exceptions());
        all.put("chdir", "");
        return all;
    }

    private static Map<String, Object> core(Row.Core core) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("id", core.id());
        all.put("requests", core.requests());
        all.put("static_requests", 0);
        all.put("routed_requests", 0);
        all.put("offloaded_requests", 0);
        all.put("write_errors", 0);
        all.put("read_errors", 0);
        all.put("in_request", core.isBusy() ? 1 : 0);
        List<Object> variables = new ArrayList<>();
        Map<String, Object> request = new LinkedHashMap<>();
        if (core.isBusy()) {
            core.variables().forEach((name, value) -> variables.add(name + "=" + value));
            variables.add(""); // uWSGI's list ends so
            request.put("request_start", core.running().getEpochSecond());
        }
        all.put("vars", variables);
        all.put("req_info", request);
        return all;
    }
}
