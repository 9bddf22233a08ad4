package dev.loomgate.python.uwsgi;

import dev.loomgate.python.shared.SharedMetrics;
import dev.loomgate.python.shared.SharedMetrics.Change;
import dev.loomgate.python.wire.MarshalWriter;
import java.util.Locale;

/// The calls whose names begin with `metric_`. Their first argument is the metric's name.
record MetricCalls(SharedMetrics metrics) {
    private static final String PREFIX = "metric_";

    void answer(String name, CallArguments arguments, MarshalWriter answer) {
        if (name.equals("metric_get")) {
            answer.integer(metrics.get(arguments.text(1)));
            return;
        }
        Change change;
        try {
            change = Change.valueOf(name.substring(PREFIX.length()).toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw UwsgiCalls.unknown(name);
        }
        answer.bool(metrics.change(change, arguments.text(1), arguments.number(2)));
    }
}
