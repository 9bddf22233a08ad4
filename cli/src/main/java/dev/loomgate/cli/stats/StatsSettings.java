package dev.loomgate.cli.stats;

import dev.loomgate.loop.settings.InvalidSetting;
import dev.loomgate.server.ListenAddress.Place;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was asked for of statistics.
///
/// @param place where clients get them; or null
/// @param http whether they are an HTTP response
/// @param minified whether their JSON has no white space
/// @param cores whether each place for a request is among them
/// @param pushes where else they go
/// @param period how often they go there, unless a push says otherwise
public record StatsSettings(
        @Nullable Place place, boolean http, boolean minified, boolean cores, List<StatsPush> pushes, Duration period) {
    /// None.
    public static final StatsSettings NONE =
            new StatsSettings(null, false, false, true, List.of(), Duration.ofSeconds(3));

    /// @throws InvalidSetting if the period isn't positive
    public StatsSettings {
        InvalidSetting.requirePositive("statsPeriod", period);
        pushes = List.copyOf(pushes);
    }

    /// Whether anything was.
    public boolean isWanted() {
        return place != null || !pushes.isEmpty();
    }
}
