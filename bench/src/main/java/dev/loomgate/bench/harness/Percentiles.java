package dev.loomgate.bench.harness;

import java.util.Collection;
import java.util.List;

/// Figures by rank: `of(values).at(0.99)` is the least value that 99 % of them don't exceed.
public record Percentiles(List<Double> sorted) {
    public static Percentiles of(Collection<Double> values) {
        return new Percentiles(values.stream().sorted().toList());
    }

    /// @return NaN if there are no values
    public double at(double share) {
        return sorted.isEmpty() ? Double.NaN : sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
    }
}
