package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.dashboard.DashboardSettings;
import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.SocketName;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.server.ListenAddress.Place;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The page for operators.
public final class DashboardOptions {
    static final Option<SocketName> DASHBOARD = Option.value(ValueType.SOCKET, "--dashboard")
            .label("ADDRESS")
            .says(
                    "a page in the browser that shows live what the server does: HOST:PORT on loopback or @NAME, for all on"
                            + " this machine; or a path, for the server's user alone");

    static final Option<Boolean> DASHBOARD_ADMIN =
            Option.flag("--dashboard-admin").says("the page may act, too: cancel requests, reload, change the workers");

    static final Option<Integer> DASHBOARD_CLIENTS = Option.value(ValueType.NUMBER, "--dashboard-clients")
            .label("COUNT")
            .standard(DashboardSettings.NONE.clients())
            .setting("dashboardClients")
            .range(Range.atLeast(1))
            .says("pages that may be open at once");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(DASHBOARD, DASHBOARD_ADMIN, DASHBOARD_CLIENTS);

    private DashboardOptions() {}

    /// What was asked for of the dashboard.
    ///
    /// @param directory what relative paths are relative to
    /// @throws IllegalArgumentException if a value makes no sense
    public static DashboardSettings settings(OptionValues values, Path directory) {
        Optional<SocketName> name = values.given(DASHBOARD);
        @Nullable Place place = name.isPresent() ? place(name.get(), directory) : null;
        return new DashboardSettings(place, values.of(DASHBOARD_ADMIN), values.of(DASHBOARD_CLIENTS));
    }

    private static Place place(SocketName name, Path directory) {
        return switch (name) {
            case SocketName.At(Place.UnixPath(Path path)) -> new Place.UnixPath(directory.resolve(path));
            case SocketName.At(Place place) -> place;
            case SocketName.Shared _ ->
                throw new IllegalArgumentException(
                        "--dashboard %s: it is 127.0.0.1:PORT, a path, or @NAME".formatted(name));
        };
    }
}
