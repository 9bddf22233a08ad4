package dev.loomgate.python.cheaper;

import java.util.List;

/// What is seen of all workers at a moment.
///
/// @param nowNanos on a clock that never goes back
/// @param most as many workers may there be
/// @param workers those that there are, or that are starting; not those that are to end
/// @param waiting requests that no worker has yet
/// @param residentBytes memory of all workers together; 0 where nobody looks
public record Figures(long nowNanos, int most, List<Seen> workers, int waiting, long residentBytes) {
    /// What is seen of a worker.
    ///
    /// @param id that no other one has had
    /// @param busy whether it has a request
    /// @param busyNanos for how long it has had requests so far
    public record Seen(long id, boolean busy, long busyNanos) {}

    public Figures {
        workers = List.copyOf(workers);
    }

    int active() {
        return workers.size();
    }

    int busy() {
        return (int) workers.stream().filter(Seen::busy).count();
    }

    /// How many have nothing to do.
    int idle() {
        return active() - busy();
    }

    /// How many more may be started, at most `wanted`.
    int room(int wanted) {
        return Math.clamp((long) most - active(), 0, Math.max(0, wanted));
    }
}
