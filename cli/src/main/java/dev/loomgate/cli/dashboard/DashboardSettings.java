package dev.loomgate.cli.dashboard;

import dev.loomgate.loop.settings.InvalidSetting;
import dev.loomgate.server.ListenAddress.Place;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What was asked for of the dashboard.
///
/// @param place where it is: a loopback address or a unix socket; or null for none
/// @param admin whether its pages may act: cancel, reload, change workers
/// @param clients pages that may be open at once; positive
public record DashboardSettings(@Nullable Place place, boolean admin, int clients) {
    /// None.
    public static final DashboardSettings NONE = new DashboardSettings(null, false, 16);

    // An address, so that no name service decides who may read it.
    private static final Pattern LOOPBACK = Pattern.compile("localhost|::1|127(\\.[0-9]{1,3}){3}");

    /// @throws IllegalArgumentException if others than this machine could reach the place, or actions are asked for
    /// without it; the message is for the operator
    public DashboardSettings {
        InvalidSetting.requireAtLeast(1, "dashboardClients", clients);
        if (place instanceof Place.Tcp tcp && !LOOPBACK.matcher(tcp.host()).matches()) {
            throw new IllegalArgumentException(
                    ("--dashboard %s: it has no password, so it listens on loopback (127.0.0.1:PORT, [::1]:PORT) or a unix"
                                    + " socket alone; from elsewhere, open it through ssh -L")
                            .formatted(place));
        }
        if (place instanceof Place.Inherited) {
            throw new IllegalArgumentException(
                    "--dashboard %s: who can reach an inherited socket isn't known; give 127.0.0.1:PORT or a path"
                            .formatted(place));
        }
        if (admin && place == null) {
            throw new IllegalArgumentException("--dashboard-admin: there is no dashboard (--dashboard ADDRESS)");
        }
    }

    /// Whether there is one.
    public boolean isWanted() {
        return place != null;
    }
}
