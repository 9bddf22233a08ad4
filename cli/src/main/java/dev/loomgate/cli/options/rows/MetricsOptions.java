package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.metrics.MetricsSettings;
import dev.loomgate.cli.metrics.MetricsSettings.Compatibility;
import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.SocketName;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.server.ListenAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Metrics for Prometheus, and what load balancers ask.
public final class MetricsOptions {
    static final Option<SocketName> METRICS = Option.value(ValueType.SOCKET, "--metrics")
            .label("ADDRESS")
            .says(
                    "serve metrics for Prometheus there, at /metrics, and /-/live and /-/ready: HOST:PORT, a path, or @NAME;"
                            + " all who can connect may read them");

    static final Option<Compatibility> METRICS_COMPAT = Option.value(
                    ValueType.choice("KIND", Compatibility.class), "--metrics-compat")
            .standard(MetricsSettings.NONE.compatibility())
            .says("also by the names of another program: uwsgi for those of uwsgi_exporter");

    static final Option<Integer> METRICS_MAX_ROUTES = Option.value(ValueType.NUMBER, "--metrics-max-routes")
            .standard(MetricsSettings.NONE.mostRoutes())
            .setting("metricsRoutes")
            .range(Range.atLeast(1))
            .past("the route _OTHER")
            .says("how many routes have figures of their own");

    static final Option<Boolean> HEALTH =
            Option.flag("--health").says("answer /-/live and /-/ready where the application is served, too, before it");

    static final Option<Duration> HEALTH_LIMIT = Option.value(ValueType.TIME, "--health-limit")
            .standard(MetricsSettings.NONE.healthLimit())
            .setting("healthLimit")
            .range(Range.positive())
            .past("503")
            .says("longest time that a loop may be held before /-/live and /-/ready say so");

    /// In the order of the help.
    public static final List<Option<?>> ALL =
            List.of(METRICS, METRICS_COMPAT, METRICS_MAX_ROUTES, HEALTH, HEALTH_LIMIT);

    private MetricsOptions() {}

    /// What was asked for.
    ///
    /// @param directory what relative paths are relative to
    /// @throws IllegalArgumentException if a value makes no sense
    public static MetricsSettings settings(OptionValues values, Path directory) {
        return new MetricsSettings(
                AdminPlace.given(values, METRICS, directory)
                        .map(place -> new ListenAddress(ListenAddress.Protocol.HTTP, place))
                        .orElse(null),
                values.of(METRICS_COMPAT),
                values.of(METRICS_MAX_ROUTES),
                values.of(HEALTH),
                values.of(HEALTH_LIMIT));
    }
}
