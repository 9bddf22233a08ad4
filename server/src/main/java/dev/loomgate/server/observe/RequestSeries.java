package dev.loomgate.server.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/// A loop's requests of one route and one [RequestKind]. Written by the loop side alone, by plain additions; read
/// by any thread.
final class RequestSeries {
    private static final int BUCKETS = DurationBounds.COUNT + 1;

    final int kind;

    // How many took how long; then their nanoseconds together.
    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS + 1);

    RequestSeries(int kind) {
        this.kind = kind;
    }

    void add(long nanos) {
        add(DurationBounds.bucket(nanos), 1);
        add(BUCKETS, nanos);
    }

    private void add(int at, long more) {
        counts.setOpaque(at, counts.getPlain(at) + more);
    }

    List<Long> buckets() {
        List<Long> all = new ArrayList<>(BUCKETS);
        for (int i = 0; i < BUCKETS; i++) {
            all.add(counts.getOpaque(i));
        }
        return all;
    }

    long nanos() {
        return counts.getOpaque(BUCKETS);
    }
}
