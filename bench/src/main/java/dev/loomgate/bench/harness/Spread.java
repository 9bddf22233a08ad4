package dev.loomgate.bench.harness;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/// Least, median and greatest of several rounds' figures.
public record Spread(double min, double median, double max) {
    public static Spread of(Collection<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no values");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(sorted.getFirst(), median, sorted.getLast());
    }

    /// `9.4 (9.1 to 10.2)`, each with as many decimals as said; only the first if there is but one value.
    public String text(int decimals) {
        String one = "%." + decimals + "f";
        return min == max
                ? String.format(Locale.ROOT, one, median)
                : String.format(Locale.ROOT, one + " (" + one + " to " + one + ")", median, min, max);
    }
}
