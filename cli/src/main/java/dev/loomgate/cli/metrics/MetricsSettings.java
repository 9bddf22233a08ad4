package dev.loomgate.cli.metrics;

import dev.loomgate.loop.settings.InvalidSetting;
import dev.loomgate.server.ListenAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What was asked for of metrics and health.
///
/// @param address where metrics and health are read; null for nowhere
/// @param compatibility whose names are there, too
/// @param mostRoutes how many routes are told apart
/// @param health whether the server's own addresses answer questions for health, too
/// @param healthLimit within which each loop has to take a turn
public record MetricsSettings(
        @Nullable ListenAddress address,
        Compatibility compatibility,
        int mostRoutes,
        boolean health,
        Duration healthLimit) {
    /// None.
    public static final MetricsSettings NONE =
            new MetricsSettings(null, Compatibility.NONE, 1000, false, Duration.ofSeconds(5));

    /// Whose names of metrics are offered beside our own.
    public enum Compatibility {
        /// Nobody's.
        NONE,
        /// Those of uwsgi_exporter.
        UWSGI
    }

    /// @throws IllegalArgumentException if a limit isn't positive, or other names are asked for without metrics; the
    /// message is for the operator
    public MetricsSettings {
        InvalidSetting.requireAtLeast(1, "metricsRoutes", mostRoutes);
        InvalidSetting.requirePositive("healthLimit", healthLimit);
        if (compatibility != Compatibility.NONE && address == null) {
            throw new IllegalArgumentException("--metrics-compat: there are no metrics (--metrics ADDRESS)");
        }
    }

    /// Whether metrics are wanted.
    public boolean isWanted() {
        return address != null;
    }
}
