package dev.loomgate.server;

import dev.loomgate.loop.watch.LiveMicrothread;
import dev.loomgate.server.connection.ServerLoop;
import dev.loomgate.server.exchange.Exchange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The requests that run, found by the microthreads of the loops. A loop numbers its own by a plain
/// counter; an id has that number and which loop it is. Any thread.
final class RunningRequests {
    private final List<ServerLoop> loops;

    /// @param loops which may still be added to, before the first request
    RunningRequests(List<ServerLoop> loops) {
        this.loops = loops;
    }

    /// Those of one loop, the oldest first.
    List<RunningRequest> of(int loop) {
        List<RunningRequest> found = new ArrayList<>();
        for (LiveMicrothread each : loops.get(loop).loop().live().reversed()) {
            Exchange exchange = RunningRequest.of(each);
            if (exchange != null) {
                found.add(new RunningRequest(id(exchange, loop), loops.get(loop).loop(), each, exchange));
            }
        }
        return found;
    }

    private long id(Exchange exchange, int loop) {
        return (exchange.number() - 1) * loops.size() + loop + 1;
    }

    /// Of all loops, the oldest first.
    List<RunningRequest> oldest(int most) {
        List<RunningRequest> found = new ArrayList<>();
        for (int loop = 0; loop < loops.size(); loop++) {
            of(loop).stream().limit(most).forEach(found::add);
        }
        long now = System.nanoTime();
        found.sort(Comparator.comparingLong(request -> request.startedNanos() - now));
        return found.size() > most ? List.copyOf(found.subList(0, most)) : found;
    }

    Optional<RunningRequest> find(long id) {
        if (id < 1) {
            return Optional.empty();
        }
        int loop = (int) ((id - 1) % loops.size());
        return of(loop).stream().filter(request -> request.id() == id).findFirst();
    }
}
