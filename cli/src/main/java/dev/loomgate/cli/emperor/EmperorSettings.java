package dev.loomgate.cli.emperor;

import dev.loomgate.loop.settings.InvalidSetting;
import dev.loomgate.server.ListenAddress.Place;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was asked for of an emperor.
///
/// @param monitors where its files are ([Monitor])
/// @param period between two looks at them
/// @param follow whether of a link, the file that it leads to tells when it has changed
/// @param tyrant whose user each vassal is; or null for the emperor's
/// @param vassals what each of them gets
/// @param throttle the pause after a vassal's second failure, and by how much each further one makes it longer; zero
///     for none
/// @param maxThrottle the longest pause
/// @param heartbeat how long a vassal that sends heartbeats may be silent
/// @param endLimit how long a vassal may take to end
/// @param startsAtOnce how many vassals start at the same time
/// @param isolated whether each vassal has a process of its own
/// @param onDemand where the sockets are whose first connection starts a vassal; or null
/// @param stats where its state can be read; or null
public record EmperorSettings(
        List<String> monitors,
        Duration period,
        boolean follow,
        @Nullable Tyrant tyrant,
        VassalOptions vassals,
        Duration throttle,
        Duration maxThrottle,
        Duration heartbeat,
        Duration endLimit,
        int startsAtOnce,
        boolean isolated,
        @Nullable OnDemand onDemand,
        @Nullable Place stats) {
    private static final long MOST_PAUSE_MILLIS = 86_400_000;
    private static final int MOST_STARTS = 10_000;

    /// @throws IllegalArgumentException if a value makes no sense; [InvalidSetting] if it is out of range
    public EmperorSettings {
        monitors = List.copyOf(monitors);
        monitors.forEach(Monitor::check);
        InvalidSetting.requirePositive("emperorPeriod", period);
        InvalidSetting.requireBetween(0, MOST_PAUSE_MILLIS, "emperorThrottle", throttle.toMillis());
        InvalidSetting.requireBetween(0, MOST_PAUSE_MILLIS, "emperorMaxThrottle", maxThrottle.toMillis());
        InvalidSetting.requirePositive("emperorHeartbeat", heartbeat);
        InvalidSetting.requirePositive("emperorEndLimit", endLimit);
        InvalidSetting.requireBetween(1, MOST_STARTS, "emperorStarts", startsAtOnce);
    }

    /// A vassal becomes the user and the group that its file belongs to.
    ///
    /// @param followsLinks whether, of a link, those of the file that it leads to count
    /// @param withGroups whether it gets the further groups that the system has the user in
    public record Tyrant(boolean followsLinks, boolean withGroups) {}

    /// What each vassal gets besides its own file.
    ///
    /// @param inheritBefore files for `--inherit`, before its own
    /// @param includeBefore files for `--include`, before its own
    /// @param set `NAME=VALUE`, each for `--set`, before its own file
    /// @param inherit files for `--inherit`, after its own
    /// @param include files for `--include`, after its own
    /// @param startHook a program that is run with its name before it starts; or null
    /// @param stopHook a program that is run with its name when it has ended; or null
    public record VassalOptions(
            List<String> inheritBefore,
            List<String> includeBefore,
            List<String> set,
            List<String> inherit,
            List<String> include,
            @Nullable String startHook,
            @Nullable String stopHook) {
        public VassalOptions {
            inheritBefore = List.copyOf(inheritBefore);
            includeBefore = List.copyOf(includeBefore);
            set = List.copyOf(set);
            inherit = List.copyOf(inherit);
            include = List.copyOf(include);
        }
    }

    /// How a vassal's socket is found.
    ///
    /// @param by what the value means
    public record OnDemand(By by, String value) {
        /// What tells the socket.
        public enum By {
            /// A text file beside the vassal's, with that ending after the whole name.
            EXTENSION,
            /// `NAME.socket` in that directory, for a vassal `NAME.ini`.
            DIRECTORY,
            /// What a command prints, which is called with the vassal's name.
            COMMAND
        }
    }
}
