package dev.loomgate.cli.metrics;

import java.util.List;

/// A page of metrics in one of Prometheus's text formats, written from the first line to the last:
///
/// ```
///  # HELP loomgate_loop_turns_total Turns that a loop has taken.
///  # TYPE loomgate_loop_turns_total counter
///  loomgate_loop_turns_total{loop="0"} 4711
/// ```
/// Source: Prometheus's text format 0.0.4, OpenMetrics 1.0. Used by one thread.
final class Exposition {
    /// The format that a page is in.
    enum Format {
        /// Prometheus's text format.
        TEXT("text/plain; version=0.0.4; charset=utf-8"),
        /// OpenMetrics: a counter's family has no `_total`, units are said, and there is an end.
        OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

        private final String contentType;

        Format(String contentType) {
            this.contentType = contentType;
        }

        String contentType() {
            return contentType;
        }
    }

    private static final String TOTAL = "_total";
    private static final List<String> UNITS = List.of("seconds", "bytes");

    private final Format format;
    private final StringBuilder out = new StringBuilder(16 * 1024);
    private String family = "";

    Exposition(Format format) {
        this.format = format;
    }

    /// A family begins whose values go up and down.
    Exposition gauge(String name, String help) {
        return begin(name, name, "gauge", help);
    }

    /// A family begins whose values only go up.
    ///
    /// @param name ends in `_total`
    Exposition counter(String name, String help) {
        if (!name.endsWith(TOTAL)) {
            throw new IllegalArgumentException("the counter " + name + " must end in " + TOTAL);
        }
        String base = name.substring(0, name.length() - TOTAL.length());
        return begin(format == Format.OPEN_METRICS ? base : name, name, "counter", help);
    }

    /// A family of histograms begins; [#histogram] writes one.
    Exposition histograms(String name, String help) {
        return begin(name, name, "histogram", help);
    }

    /// A family of sums with counts begins; [#summary] writes one.
    Exposition summaries(String name, String help) {
        return begin(name, name, "summary", help);
    }

    private Exposition begin(String shown, String name, String type, String help) {
        family = name;
        out.append("# HELP ").append(shown).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(shown).append(' ').append(type).append('\n');
        if (format == Format.OPEN_METRICS) {
            UNITS.stream().filter(unit -> shown.endsWith("_" + unit)).forEach(unit -> out.append("# UNIT ")
                    .append(shown)
                    .append(' ')
                    .append(unit)
                    .append('\n'));
        }
        return this;
    }

    /// One value of the family.
    Exposition value(Labels labels, double value) {
        return sample("", labels, value);
    }

    Exposition value(Labels labels, long value) {
        return sample("", labels, value);
    }

    /// Bounds of histograms, to be written once for all of them.
    static List<String> bounds(List<Double> values) {
        return values.stream().map(Exposition::number).toList();
    }

    /// One histogram.
    ///
    /// @param bounds of its buckets, as [#bounds] writes them
    /// @param counts of each bucket alone, and at the end those beyond the last bound
    /// @param sum of all values
    Exposition histogram(Labels labels, List<String> bounds, List<Long> counts, double sum) {
        // Most of a page is this: its beginning is made once for all buckets.
        String bucket = family + "_bucket{" + labels.text() + (labels.text().isEmpty() ? "le=\"" : ",le=\"");
        long total = 0;
        for (int i = 0; i < counts.size(); i++) {
            total += counts.get(i);
            out.append(bucket)
                    .append(i < bounds.size() ? bounds.get(i) : "+Inf")
                    .append("\"} ")
                    .append(total)
                    .append('\n');
        }
        sample("_sum", labels, sum);
        return sample("_count", labels, total);
    }

    /// One sum with its count.
    Exposition summary(Labels labels, long count, double sum) {
        sample("_sum", labels, sum);
        return sample("_count", labels, count);
    }

    private Exposition sample(String suffix, Labels labels, double value) {
        start(suffix, labels).append(number(value)).append('\n');
        return this;
    }

    private Exposition sample(String suffix, Labels labels, long value) {
        start(suffix, labels).append(value).append('\n');
        return this;
    }

    private StringBuilder start(String suffix, Labels labels) {
        out.append(family).append(suffix);
        labels.appendTo(out);
        return out.append(' ');
    }

    private static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return Double.toString(value);
    }

    /// The whole page.
    String text() {
        return format == Format.OPEN_METRICS ? out + "# EOF\n" : out.toString();
    }
}
