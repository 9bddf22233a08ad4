package dev.loomgate.python.direct;

import dev.loomgate.gateway.direct.DirectSeries;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Sums of what workers have answered by themselves, each kind once. Used by one thread at a time.
final class DirectTotals {
    private final Map<String, DirectSeries> byKind = new LinkedHashMap<>();

    void add(List<DirectSeries> more) {
        more.forEach(each -> byKind.merge(each.kind(), each, DirectSeries::plus));
    }

    List<DirectSeries> series() {
        return List.copyOf(byKind.values());
    }
}
