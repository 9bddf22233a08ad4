package dev.loomgate.micrometer;

import dev.loomgate.server.Server;
import dev.loomgate.server.ServerSnapshot;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;

/// Meters of a running server, of each loop and each place where it listens. Nothing is counted for them but what
/// [Server.Builder#countRequests] counts: they look when the registry asks.
///
/// | meter | tag | what |
/// |---|---|---|
/// | `loomgate.connections` | `loop` | connections that are open |
/// | `loomgate.requests.running` | `loop` | requests that run |
/// | `loomgate.requests` | `loop` | requests that are over; 0 unless the server counts them |
/// | `loomgate.backlog` | `address` | connections that wait in the kernel until somebody accepts them |
/// | `loomgate.backlog.limit` | `address` | how many may; the kernel refuses others |
///
/// The registry holds on to the server until the meters are removed.
public final class ServerMeters implements MeterBinder {
    private final Latest<ServerSnapshot> latest;

    /// @param server that has started
    public ServerMeters(Server server) {
        latest = new Latest<>(server::snapshot);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        ServerSnapshot now = latest.get();
        for (int i = 0; i < now.loops().size(); i++) {
            int loop = i;
            Tags tags = Tags.of("loop", Integer.toString(loop));
            gauge(registry, "loomgate.connections", tags, seen -> seen.loops()
                    .get(loop)
                    .connections());
            gauge(registry, "loomgate.requests.running", tags, seen -> seen.loops()
                    .get(loop)
                    .running()
                    .size());
            FunctionCounter.builder(
                            "loomgate.requests",
                            latest,
                            each -> each.get().loops().get(loop).requests())
                    .tags(tags)
                    .register(registry);
        }
        for (int i = 0; i < now.sockets().size(); i++) {
            int socket = i;
            ServerSnapshot.Socket place = now.sockets().get(socket);
            Tags tags = Tags.of("address", place.address().toString());
            if (place.queued().isPresent()) {
                gauge(registry, "loomgate.backlog", tags, seen -> seen.sockets()
                        .get(socket)
                        .queued()
                        .orElse(0));
            }
            gauge(registry, "loomgate.backlog.limit", tags, seen -> seen.sockets()
                    .get(socket)
                    .mostQueued());
        }
    }

    private void gauge(MeterRegistry registry, String name, Tags tags, ToDoubleFunction<ServerSnapshot> figure) {
        Gauge.builder(name, latest, each -> figure.applyAsDouble(each.get()))
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }
}
