package dev.loomgate.cli.options.values;

import dev.loomgate.python.SharedOptions;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A metric of the `uwsgi` module: its name, or `name=orders,initial_value=10`.
public final class MetricText {
    private static final Map<String, String> KEYS = Stream.of(
                    "name", "oid", "type", "initial_value", "freq", "reset_after_push")
            .collect(Collectors.toUnmodifiableMap(Function.identity(), Function.identity()));
    private static final Map<String, String> NOT_OFFERED = Stream.of(
                    "collector", "arg1", "arg2", "arg3", "arg1n", "arg2n", "arg3n", "children", "alias")
            .collect(Collectors.toUnmodifiableMap(
                    Function.identity(), key -> "a metric has what the program gives it: uwsgi.metric_set"));

    private MetricText() {}

    /// @param option for messages
    /// @throws IllegalArgumentException if it isn't that
    public static SharedOptions.Metric parse(String option, String text) {
        if (text.indexOf('=') < 0) {
            return new SharedOptions.Metric(text, 0);
        }
        Map<String, String> values = KeyValues.parse(option, text, KEYS, NOT_OFFERED);
        String initial = values.getOrDefault("initial_value", "0");
        try {
            return new SharedOptions.Metric(values.getOrDefault("name", ""), Long.parseLong(initial));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "%s: initial_value is '%s', which is no number".formatted(option, initial), e);
        }
    }
}
