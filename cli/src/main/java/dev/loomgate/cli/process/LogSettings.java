package dev.loomgate.cli.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The file that the log goes to, and what becomes of it.
///
/// @param early opened at the very start; or null
/// @param late opened as the user that the server becomes; or null
/// @param mode permission bits of the file; or null for 640 without the umask's
/// @param chown whether the user that the server becomes gets the file
/// @param truncate whether a file that is there is emptied first
/// @param reopenOnReload whether SIGHUP opens the file again
/// @param touchReopen files whose change does so
/// @param touchRotate files whose change has the file renamed, and a new one begun
/// @param maxBytes past which that happens as well; zero for no limit
/// @param every at the end of each such period by the clock as well, if the file isn't empty; zero for never
/// @param backup the name that it then gets; or null for its own with the time
public record LogSettings(
        @Nullable Named early,
        @Nullable Named late,
        @Nullable Integer mode,
        boolean chown,
        boolean truncate,
        boolean reopenOnReload,
        List<Path> touchReopen,
        List<Path> touchRotate,
        long maxBytes,
        Duration every,
        @Nullable Path backup) {
    /// No file.
    static final LogSettings NONE =
            new LogSettings(null, null, null, false, false, false, List.of(), List.of(), 0, Duration.ZERO, null);

    /// A file, and the option that names it.
    public record Named(String option, Path path) {}

    public LogSettings {
        touchReopen = List.copyOf(touchReopen);
        touchRotate = List.copyOf(touchRotate);
    }

    boolean isWatched() {
        return !touchReopen.isEmpty() || !rotations().isEmpty();
    }

    /// The options that ask for the file to be renamed.
    List<String> rotations() {
        List<String> options = new ArrayList<>();
        if (maxBytes > 0) {
            options.add("--log-maxsize");
        }
        if (every.isPositive()) {
            options.add("--log-rotate-every");
        }
        if (!touchRotate.isEmpty()) {
            options.add("--touch-logrotate");
        }
        return options;
    }
}
